// The line between chat and server: a proxy that holds streams back, one that breaks them, and none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { admin, openRow, reads, say } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

// The agent's answers, one after the other.
async function answer(ada, words) {
  await ada.fill("#reply-text", words);
  await ada.press("#reply-text", "Control+Enter");
}

// Opens the conversation in which a customer has just said this; ready for a reply.
async function openOf(ada, words) {
  await ada.goto("/queue/all");
  const row = await ada.locator(".row", { hasText: words }).getAttribute("id");
  const id = row.slice("row-".length);
  const open = async () => {
    await openRow(ada, "all", id);
    await ada.waitForSelector(".scripted");
    await ada.keyboard.press("r");
    await ada.waitForSelector("#reply-text:focus");
  };
  await open();
  return open;
}

for (const [name, block] of [
  ["holds back", () => {}],
  ["breaks", (route) => route.abort()],
]) {
  test(`a proxy that ${name} streams loses nothing and doubles nothing`, async () => {
    const customer = await here.open();
    const asked = [];
    customer.on("request", (request) => { if (request.url().includes("wait=25")) asked.push(request.url()); });
    await customer.route("**/events", block);
    await customer.goto("/chat/web");
    const words = `Do you ${name} kayaks?`;
    await say(customer, words);
    const ada = await admin(here);
    const open = await openOf(ada, words);
    await answer(ada, "One.");
    await reads(customer, ".message.agent", "One.");
    assert.ok(asked.length > 0, "it asks for news");

    await open();
    await answer(ada, "Two.");
    await reads(customer, ".message.agent", "Two.");
    // The proxy is mended, and the browser is told that its line is back.
    await customer.unroute("**/events");
    const streams = customer.waitForRequest("**/events");
    await customer.evaluate(() => dispatchEvent(new Event("online")));
    await open();
    await answer(ada, "Three.");
    await streams;
    await reads(customer, ".message.agent", "Three.");
    const texts = await customer.locator(".message:not(.bot) .body").allInnerTexts();
    assert.deepEqual(texts.map((text) => text.trim()), [words, "One.", "Two.", "Three."]);
    customer.complaints = customer.complaints.filter((complaint) => !complaint.includes("/events"));
  });
}
