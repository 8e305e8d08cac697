// Those who meet in the stories: customers, and agents with their desk.

import assert from "node:assert/strict";
import { until } from "./until.mjs";

const PASSWORD = "four plain old words";

// The first admin, with the queue of drafts before them.
export async function admin(stage, options) {
  const page = await stage.open(options);
  stage.state ? await page.context().addCookies(stage.state) : await join(page, stage.program.firstAdmin(), "Ada");
  stage.state ??= await page.context().cookies();
  await page.goto("/queue/approval");
  return page;
}

// Comes in by a link.
export async function join(page, link, name) {
  await page.goto(link);
  await page.fill("#name", name);
  await page.fill("#email", `${name.toLowerCase()}@shop.example`);
  await page.fill("#password", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#queues");
}

// Comes back by name and password.
export async function logIn(page, name) {
  await page.fill("#email", `${name.toLowerCase()}@shop.example`);
  await page.fill("#password", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#queues");
}

// A colleague of the admin, invited by them.
export async function colleague(stage, admin, name) {
  const link = await invitation(admin);
  const page = await stage.open();
  await join(page, link, name);
  return page;
}

// Makes an invitation; returns its link.
export async function invitation(admin) {
  await admin.goto("/people");
  await admin.click('text="Make a link"');
  return admin.inputValue("#link");
}

// A customer without a browser, who writes one message; returns the conversation.
export async function write(stage, text) {
  const post = async (path, body, token) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${stage.url}/chat/web${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const { token } = await post("/session", {});
  const { conversation_id: id } = await post("/messages", { id: "m-1", text }, token);
  return id;
}

// A customer at the chat page, who writes one message.
export async function ask(stage, text, options) {
  const page = await stage.open(options);
  await page.goto("/chat/web");
  await say(page, text);
  return page;
}

// Opens the chat within a shop's page; returns its frame.
export async function openChat(page) {
  await page.click("#sureply-widget .launcher");
  await page.waitForSelector("#sureply-widget iframe");
  const frame = await (await page.$("#sureply-widget iframe")).contentFrame();
  await frame.waitForSelector("#chat-text:focus");
  return frame;
}

// Writes into an open chat.
export async function say(chat, text) {
  await chat.locator("#chat-text").fill(text);
  await chat.locator("#chat-text").press("Enter");
  await reads(chat, ".message.customer:not([data-state])", text);
}

// Waits until something shows these words.
export async function reads(page, css, words) {
  await page.locator(css).filter({ hasText: words }).first().waitFor();
}

// Waits until something is gone.
export const misses = (page, css) => page.locator(css).waitFor({ state: "hidden" });

// Opens a conversation from a queue, once it is there.
export async function openRow(page, queue, id) {
  await page.goto(`/queue/${queue}`);
  await open(page, `#row-${id}`);
}

// Opens the conversation of a row on the page.
export async function open(page, row = ".row") {
  await page.click(row);
  await page.waitForSelector("#composer");
}

// Presses a key of the desk; a page knows its keys once its script has run.
export async function press(page, key) {
  await page.waitForSelector(".scripted");
  await page.keyboard.press(key);
}

// Presses a key that acts on a conversation, no sooner than the page takes it: what comes within the
// first moments of a page was meant for the page before.
export async function act(page, key) {
  await page.waitForSelector(".scripted");
  await until("the page has been read", () => page.evaluate("performance.now() - shownAt >= READING"));
  await page.keyboard.press(key);
}
