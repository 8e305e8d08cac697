// What an agent sends and takes back again, and what leaves because nobody took it back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, ask, misses, open, openRow, press, reads, say } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 5\n`);

test("what is taken back stands in the composer again, and nothing of it reaches the customer", async () => {
  const ada = await admin(here);
  const customer = await ask(here, "How long do I have to return something?");
  await open(ada);
  await press(ada, "e");
  await ada.locator("#draft-text").pressSequentially("Ada's first words. ");
  await ada.keyboard.press("Escape");
  await act(ada, "a");
  await reads(ada, "#undo", "Sending in");
  await isAccessible(ada, "words about to be sent");
  await press(ada, "u");
  await reads(ada, "#composer [role=alert]", "Taken back: nothing was sent.");
  const text = await ada.inputValue("#draft-text");
  assert.match(text, /^Ada's first words\. .*45 days/s);
  await misses(ada, ".undo-one");
  await isAccessible(ada, "words taken back");

  // What is sent next is what the customer reads first: the other words never came.
  await ada.fill("#draft-text", text.replace("first", "second"));
  await act(ada, "Control+Enter");
  await reads(ada, "#undo", "Sending in");
  await reads(customer, ".message.agent", "Ada's second words.");
  assert.equal(await customer.locator(".message.ours").count(), 1);
  await misses(ada, ".undo-one");
});

test("own words wait as well, and can be taken back in the conversation", async () => {
  const ada = await admin(here);
  const customer = await ask(here, "Can you teach my parrot to whistle?");
  await reads(customer, "#chat-standing", "A person will answer here");
  await ada.goto("/queue/handed-off");
  await open(ada);
  await press(ada, "r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.keyboard.type("Only in spring.");
  await ada.keyboard.press("Control+Enter");
  await ada.click("#undo >> text=View");
  await reads(ada, "#held", "Only in spring.");
  await isAccessible(ada, "a conversation with words about to be sent");
  await ada.click("text=Take it back");
  await reads(ada, "#composer [role=alert]", "Taken back");
  assert.equal(await ada.inputValue("#reply-text"), "Only in spring.");
  await say(customer, "Are you there?");
  await openRow(ada, "mine", (await ada.getAttribute("#main", "data-here")).match(/[\w-]{36}/)[0]);
  await reads(ada, "#thread .customer", "Are you there?");
  assert.equal(await customer.locator(".message.agent").count(), 0);
});
