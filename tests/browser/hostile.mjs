// Hostile words in every text field, looked at on every page: nothing of them is run, nothing is fetched.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OWN, POLYGLOT, rows } from "./support/hostile.mjs";
import { PAGES } from "./support/pages.mjs";
import { admin, invitation, reads, say } from "./support/people.mjs";
import { DRAFTS, PHONE, stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const API = "[[inbox]]\nname = 'api'\nchannel = 'api'\nmode = 'draft'\nquiet_seconds = 1\n";
const here = stage(`[business]\nname = ${JSON.stringify(OWN[2])}\n${DRAFTS}${API}[desk]\nundo_seconds = 0\n`);

// Rows that one conversation takes, so that each conversation stays a page or two.
const EACH = 40;

// Notes whatever hostile words achieve on a page: dialogs, and requests to anywhere but the server.
function watched(page) {
  const achieved = [];
  page.on("dialog", (dialog) => {
    achieved.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(here.url) && !request.url().startsWith("data:")) achieved.push(`a request: ${request.url()}`);
  });
  page.on("popup", (popup) => achieved.push(`a window: ${popup.url()}`));
  return achieved;
}

// A program that sends rows as messages of customers with such names; returns the conversations.
async function send(all) {
  const token = here.program.token();
  const conversations = new Set();
  for (const [place, row] of all.entries()) {
    const contact = Math.floor(place / EACH);
    const body = {
      id: `m-${place}`, text: row,
      contact: { id: `c-${contact}`, name: (all[contact] ?? row).slice(0, 200) },
      attachments: place % EACH === 1 ? [{ url: "https://evil.example/f", name: row.slice(0, 100), type: "text/html", size: 1 }] : [],
    };
    const answer = await fetch(`${here.url}/api/v1/inboxes/api/messages`, {
      method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: JSON.stringify(body),
    });
    const told = await answer.json();
    // Some rows are no message at all, such as one of spaces that cannot be seen.
    assert.ok(answer.ok || answer.status === 422 || answer.status === 400, `${answer.status} ${JSON.stringify(told)} ${row}`);
    if (answer.ok) conversations.add(told.conversation_id);
  }
  return [...conversations];
}

// Fills every text field of every form on the page with a row and sends it, as the form would be sent.
// What ends a session or locks somebody out is left alone.
const fill = (page, row) => page.evaluate(async (row) => {
  const without = /\/(logout|end|end-others|deactivate|log-out|password|totp|recovery|merge|split)\b/;
  const sent = [];
  for (const form of document.querySelectorAll("form[method=post]")) {
    const path = new URL(form.action).pathname;
    const fields = [...form.querySelectorAll("input:not([type=hidden],[type=radio],[type=checkbox],[type=file],[type=date],[type=number]), textarea")];
    if (without.test(path) || fields.length === 0) continue;
    for (const field of fields) field.value = row.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
    const button = form.querySelector("button[name]");
    const data = new URLSearchParams(new FormData(form, button?.form === form ? button : undefined));
    const answer = await fetch(form.action, { method: "POST", body: data });
    sent.push(`${path} ${answer.status}`);
  }
  return sent;
}, row);

// Shows a page, opens all that folds, and looks at it as a pointer and the keyboard would.
async function look(page, path) {
  await page.goto(path);
  await page.locator("details").evaluateAll((folds) => { for (const fold of folds) fold.open = true; });
  await page.mouse.move(200, 300);
  await page.keyboard.press("Tab");
}

test("hostile words of customers are words to agents", async (story) => {
  const { rows: all, absent } = rows();
  for (const path of absent) story.diagnostic(`left out, as it is not there: ${path}`);
  const conversations = await send(all);
  story.diagnostic(`${all.length} rows in ${conversations.length} conversations`);
  const ada = await admin(here);
  const achieved = watched(ada);
  await until("all is decided", async () => {
    await ada.goto(`/conversations/${conversations.at(-1)}`);
    return ada.evaluate(() => document.querySelector("#why .decision") !== null);
  }, 60_000);
  for (const id of conversations) await look(ada, `/conversations/${id}?queue=all`);
  for (const path of [...PAGES, `/search?q=${encodeURIComponent("alert")}`, `/search?q=${encodeURIComponent(POLYGLOT)}`, `/knowledge?q=${encodeURIComponent(POLYGLOT)}`]) await look(ada, path);
  assert.deepEqual(achieved, []);
});

test("hostile words in every field of every form are words on every page", async (story) => {
  const ada = await admin(here);
  const achieved = watched(ada);
  await ada.goto("/queue/all");
  const rows = await ada.locator(".row").evaluateAll((found) => found.slice(0, 3).map((row) => row.getAttribute("href")));
  assert.ok(rows.length > 0, "there is no conversation to write in");
  const pages = [...PAGES, ...rows];
  const sent = new Set();
  for (const row of [POLYGLOT, OWN[2], OWN[22], OWN[26]]) {
    for (const path of pages) {
      await ada.goto(path);
      for (const form of await fill(ada, row)) sent.add(form);
    }
  }
  story.diagnostic([...new Set([...sent].map((form) => form.replace(/[0-9a-f-]{36}/, "{id}")))].sort().join(", "));
  for (const kind of ["note", "reply", "people/invite"]) assert.ok([...sent].some((form) => form.includes(kind)), `no form ${kind}`);
  for (const path of pages) await look(ada, path);
  assert.deepEqual(achieved, []);
  // What a form refuses, it refuses aloud.
  ada.complaints = ada.complaints.filter((complaint) => !/the server responded with a status of 4(00|04|09|22)/.test(complaint));
});

test("a hostile name and a hostile file's name are names", async () => {
  const ada = await admin(here);
  const link = await invitation(ada);
  const newcomer = await here.open();
  const achieved = [watched(ada), watched(newcomer)];
  await newcomer.goto(link);
  await newcomer.fill("#name", POLYGLOT);
  await newcomer.fill("#email", "mallory@shop.example");
  await newcomer.fill("#password", "four plain old words");
  await newcomer.click("button.primary");
  await newcomer.waitForSelector("#queues");

  const chat = await here.open();
  achieved.push(watched(chat));
  await chat.goto("/chat/web");
  await chat.setInputFiles("input[type=file]", { name: "<img src=x onerror=alert(1)>.txt", mimeType: "text/plain", buffer: Buffer.from("Nothing but words.") });
  await chat.waitForSelector("#chat-send:enabled");
  const before = await ada.textContent("#queues");
  await say(chat, "Here is a file.");
  // News reach the page that answered the form of the invitation, too.
  await until("the counts are new", async () => (await ada.textContent("#queues")) !== before);
  for (const path of PAGES) await look(ada, path);
  for (const path of ["/account", "/people", "/queue/all"]) await look(newcomer, path);
  await ada.goto("/queue/all");
  await ada.locator(".row").filter({ hasText: "Here is a file." }).first().click();
  await reads(ada, "#thread .files", "onerror=alert(1)>.txt");
  assert.deepEqual(achieved.flat(), []);
});

test("hostile words are words in the chat, on a phone", async () => {
  const chat = await here.open(PHONE);
  const achieved = watched(chat);
  await chat.goto("/chat/web");
  for (const row of [...OWN.slice(0, 6), POLYGLOT]) await say(chat, row);
  await chat.reload();
  await chat.waitForSelector(".message.customer");
  assert.deepEqual(achieved, []);
});

test("what would be run or fetched is noticed", async () => {
  const page = await here.open();
  const achieved = watched(page);
  await page.route("https://evil.example/**", (route) => route.fulfill({ body: "" }));
  await page.setContent("<script>alert(1)</script><img src='https://evil.example/x'>");
  await until("both are noticed", () => achieved.length >= 2);
  page.complaints.length = 0;
});
