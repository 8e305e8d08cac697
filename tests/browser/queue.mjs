// The work on a queue: taking over, giving back, putting aside, finding again, without a reload.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, ask, misses, open, openRow, press, reads, say, write } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

test("a new conversation appears in the open queue without a reload", async () => {
  const ada = await admin(here);
  await reads(ada, "#rows", "");
  await isAccessible(ada, "an empty queue");
  await ada.evaluate("window.isSamePage = true");
  const id = await write(here, "How much does standard shipping cost?");
  await reads(ada, `#row-${id}`, "standard shipping");
  await reads(ada, "#queues .waits", "1");
  assert.ok(await ada.evaluate("window.isSamePage"), "the page was loaded again");
  await isAccessible(ada, "a queue");
});

test("news of another conversation leaves the focus where it is", async () => {
  const ada = await admin(here);
  const id = await write(here, "Can I return sale items?");
  await openRow(ada, "approval", id);
  await press(ada, "s");
  for (const css of [".snooze [value='4h']", "#queues a[href='/queue/mine']"]) {
    await ada.focus(css);
    const before = await ada.textContent("#queues");
    await write(here, "What does a return cost?");
    await until("the menu counts one more", async () => (await ada.textContent("#queues")) !== before);
    await ada.waitForSelector(`${css}:focus`);
  }
});

test("who takes a conversation over has it, and the bot stays out until it is given back", async () => {
  const ada = await admin(here);
  const customer = await ask(here, "How long is the warranty?");
  await open(ada, ".row >> text=warranty");
  await ada.waitForSelector("#draft-text");
  await act(ada, "t");
  await reads(ada, "#notice", "The conversation is yours; the bot stays out.");
  await reads(ada, "#head .status", "Ada");
  await reads(customer, "#chat-standing", "person");
  await say(customer, "How do I return an item?");
  await reads(ada, "#thread .customer", "How do I return an item?");
  await misses(ada, "#draft-text");
  await isAccessible(ada, "a conversation of one's own");

  await act(ada, "g");
  await reads(ada, "#notice", "Given back to the bot.");
  await say(customer, "How do I make a warranty claim?");
  await ada.waitForSelector("#draft-text");
  await reads(ada, "#head", "Take");
});

test("what is put aside leaves its queue, and comes back when the customer writes", async () => {
  const ada = await admin(here);
  const customer = await ask(here, "Can I pay with PayPal?");
  await open(ada, ".row >> text=PayPal");
  await ada.waitForSelector("#draft-text");
  await press(ada, "s");
  await ada.waitForSelector("#snooze-first:focus");
  await isAccessible(ada, "the times of a snooze");
  assert.match(await ada.getAttribute("text=Tomorrow", "title"), /day.*09:00/);
  await act(ada, "Enter");
  await reads(ada, "#notice", "Put aside.");
  await ada.goto("/queue/snoozed");
  await reads(ada, ".row", "PayPal");
  await say(customer, "Or with a card?");
  await misses(ada, ".row");
  await ada.goto("/queue/all");
  await reads(ada, ".row", "Or with a card?");
});

test("a conversation is found by its words and its state, and opens", async () => {
  const ada = await admin(here);
  const id = await write(here, "Is my zeppelin covered by the warranty?");
  await ada.waitForSelector(`#row-${id}, #queues .waits`);
  await press(ada, "/");
  await ada.waitForURL("**/search");
  await ada.waitForSelector("#q:focus");
  await isAccessible(ada, "the search");
  await ada.keyboard.type("zeppelin warranty");
  await ada.keyboard.press("Enter");
  await reads(ada, `#row-${id} mark`, "zeppelin");
  await isAccessible(ada, "what was found");
  await ada.selectOption("#status", "resolved");
  await ada.click(".sift button");
  await reads(ada, ".empty", "No conversation holds that");
  await isAccessible(ada, "a search in vain");
  await ada.selectOption("#status", "");
  await ada.press("#q", "Enter");
  await ada.waitForSelector(`#row-${id}`);
  for (const key of ["Escape", "j", "Enter"]) await press(ada, key);
  await reads(ada, "#thread .customer", "zeppelin");
});

test("what is resolved stands there, and a new message opens it again", async () => {
  const ada = await admin(here);
  const customer = await ask(here, "Do you sell gift cards?");
  await ada.goto("/queue/all");
  const row = ada.locator(".row", { hasText: "gift cards" });
  const id = (await row.getAttribute("id")).slice("row-".length);
  await openRow(ada, "all", id);
  await act(ada, "d");
  await reads(ada, "#notice", "Resolved. A new message reopens it.");
  await ada.goto("/queue/resolved");
  await reads(ada, `#row-${id}`, "gift cards");
  await say(customer, "How much is one?");
  await misses(ada, `#row-${id}`);
});

test("what happens before a page listens is shown on it all the same", async () => {
  const ada = await admin(here);
  let listen;
  const listening = new Promise((resolve) => { listen = resolve; });
  await ada.route(/\/live/, async (route) => { await listening; await route.continue(); });
  await ada.goto("/queue/all");
  const id = await write(here, "Do you sell canoes?");
  const drafts = async () => (await ada.request.get("/queue/approval")).text();
  await until("nothing more is about to happen", async () => (await drafts()).includes(id));
  listen();
  await reads(ada, `#row-${id}`, "canoes");
});
