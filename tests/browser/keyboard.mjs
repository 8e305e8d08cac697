// The desk by the keyboard alone, from the invitation to the reply.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, ask, press, reads, write } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

const focused = (page) => page.evaluate("document.activeElement.id");

test("a day's work is done without a mouse", async () => {
  const ada = await here.open();
  await ada.goto(here.program.firstAdmin());
  for (const words of ["Ada", "ada@shop.example", "four plain old words"]) {
    await ada.keyboard.type(words);
    await ada.keyboard.press("Tab");
  }
  await ada.keyboard.press("Enter");
  await ada.waitForSelector("#queues");

  await ada.keyboard.press("Tab");
  assert.equal(await ada.evaluate("document.activeElement.className"), "skip", "the way past the menu comes first");
  await ada.keyboard.press("Enter");
  assert.equal(await focused(ada), "main");
  await press(ada, "?");
  await ada.waitForSelector("#help[open]");
  await isAccessible(ada, "the sheet of keys");
  await ada.keyboard.press("Escape");
  await ada.waitForSelector("#help:not([open])", { state: "attached" });

  const customer = await ask(here, "How long do I have to return something?");
  const first = (await ada.locator(".row").getAttribute("id")).slice("row-".length);
  const second = await write(here, "What does a return cost?");
  await ada.waitForSelector(`#row-${second}`);
  await walk(ada, first, second);
  await work(ada, customer, second);
});

// Down, up again, no further than the end, and in.
async function walk(ada, first, second) {
  for (const [key, id] of [["j", first], ["j", second], ["j", second], ["k", first]]) {
    await press(ada, key);
    await ada.waitForSelector(`#row-${id}.chosen:focus`);
  }
  await ada.keyboard.press("Enter");
  await ada.waitForSelector("#draft-text");
}

// The draft is edited, left, and approved; the next conversation opens, and is answered in own words.
async function work(ada, customer, second) {
  await press(ada, "e");
  assert.equal(await focused(ada), "draft-text");
  await ada.keyboard.type("Hello! ");
  await ada.keyboard.press("Escape");
  assert.notEqual(await focused(ada), "draft-text");
  await act(ada, "a");
  await reads(customer, ".message.agent", "Hello!");

  await ada.waitForURL(`**/conversations/${second}?**`);
  await press(ada, "n");
  await ada.keyboard.type("Look up the price.");
  await act(ada, "Control+Enter");
  await reads(ada, "#thread .note", "Look up the price.");
  await press(ada, "r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.keyboard.type("Nothing at all.");
  await ada.keyboard.press("Control+Enter");
  await reads(ada, "#notice", "Reply sent.");
  await reads(ada, ".empty", "");
}
