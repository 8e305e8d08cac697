// Writing: the draft as the customer will see it, its sources, what an edit changed, saved replies, kept words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, logIn, openRow, press, reads, write } from "./support/people.mjs";
import { DRAFTS, expectComplaint, stage } from "./support/stage.mjs";

const QUESTION = "How long do I have to return something?";
const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

const focused = (page) => page.evaluate("document.activeElement.id");

test("a source is reached from its number, read in its article, and left by Escape", async () => {
  const ada = await admin(here);
  await openRow(ada, "approval", await write(here, QUESTION));
  await reads(ada, "#draft-preview", "45 days");
  await ada.focus("#chip-1");
  await ada.keyboard.press("Enter");
  assert.equal(await focused(ada), "source-1");
  await isAccessible(ada, "a draft with its sources");
  await ada.keyboard.press("Escape");
  assert.equal(await focused(ada), "chip-1");
  await ada.click("#source-1 a");
  await reads(ada, "#cited mark", "45 days");
  await isAccessible(ada, "an article");
});

test("an edit is shown word by word while it is written, and on what was sent", async () => {
  const ada = await admin(here);
  const id = await write(here, QUESTION);
  await openRow(ada, "approval", id);
  await press(ada, "e");
  const draft = ada.locator("#draft-text");
  await draft.fill((await draft.inputValue()).replace("45 days", "**50 days**"));
  await reads(ada, "#draft-changes del", "45");
  await reads(ada, "#draft-changes ins", "50");
  await reads(ada, "#draft-preview strong", "50 days");
  await isAccessible(ada, "an edit");
  await act(ada, "Control+Enter");
  await ada.waitForSelector("#notice p");
  await ada.goto(`/conversations/${id}`);
  await ada.click(".edited summary");
  await reads(ada, ".edited del", "45");
});

test("a saved reply is put in by keys alone, and what is open in it is not sent", async () => {
  const ada = await admin(here);
  await ada.goto("/replies");
  for (const [title, shortcut, body] of [
    ["Greeting", "hi", "Dear {{contact.name}}, greetings, {{agent.name}}"],
    ["Goodbye", "bye", "Goodbye from {{business}}"],
  ]) {
    await ada.fill("#title-new", title);
    await ada.fill("#shortcut-new", shortcut);
    await ada.fill("#body-new", body);
    await ada.click(".reply-form .primary >> nth=0");
    await reads(ada, ".saved-replies", title);
    await ada.locator("details.panel-box summary").click();
  }
  await isAccessible(ada, "saved replies");
  const id = await write(here, QUESTION);
  await openRow(ada, "approval", id);
  await press(ada, ";");
  await ada.waitForSelector("#saved:not([hidden])");
  await ada.keyboard.type("gree");
  await reads(ada, "#saved li[aria-selected=true]", "Greeting");
  await isAccessible(ada, "saved replies are offered");
  await ada.keyboard.press("Enter");
  const draft = ada.locator("#draft-text, #reply-text").and(ada.locator(":focus"));
  assert.match(await draft.inputValue(), /Dear \{\{contact.name\}\}, greetings, Ada/);
  assert.equal(await ada.evaluate("getSelection().toString()"), "{{contact.name}}");
  await ada.keyboard.press("Escape");
  await press(ada, "r");
  await ada.keyboard.press("Control+A");
  await ada.keyboard.type("/by");
  await reads(ada, "#saved li[aria-selected=true]", "Goodbye");
  await ada.keyboard.press("Tab");
  assert.match(await ada.locator("#reply-text").inputValue(), /^Goodbye from /);
  await ada.locator("#reply-text").fill("Dear {{contact.name}}");
  await reads(ada, "#reply-preview mark.open", "{{contact.name}}");
  await act(ada, "Control+Enter");
  await reads(ada, "#composer .alert", "still to be filled in");
  assert.equal(await ada.locator("#reply-text").inputValue(), "Dear {{contact.name}}");
  expectComplaint(ada, /422/);
});

test("words outlive a session that has ended, and go once they are sent", async () => {
  const ada = await admin(here);
  const id = await write(here, QUESTION);
  await openRow(ada, "approval", id);
  await press(ada, "r");
  await ada.keyboard.type("One moment, please.");
  await ada.context().clearCookies();
  await act(ada, "Control+Enter");
  await reads(ada, "h1", "Please log in");
  expectComplaint(ada, /401/);
  await ada.goto(`/conversations/${id}`);
  await logIn(ada, "Ada");
  await reads(ada, "#kept", "Your words are here again");
  assert.equal(await ada.locator("#reply-text").inputValue(), "One moment, please.");
  await isAccessible(ada, "words that were kept");
  ada.complaints = ada.complaints.filter((complaint) => !/401/.test(complaint));
  await act(ada, "r");
  await ada.keyboard.press("Control+Enter");
  await reads(ada, "#notice", "Reply sent.");
  await ada.goto(`/conversations/${id}`);
  await reads(ada, ".line.agent", "One moment, please.");
  assert.equal(await ada.locator("#reply-text").inputValue(), "");
});
