// A draft before an agent: approved, edited, rejected, and before two of them at once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, ask, colleague, misses, open, openRow, press, reads, write } from "./support/people.mjs";
import { DRAFTS, expectComplaint, stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const QUESTION = "How long do I have to return something?";
const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

test("what is approved reaches the customer, who is told that a person sent it", async () => {
  const ada = await admin(here);
  const customer = await ask(here, QUESTION);
  await open(ada);
  await reads(ada, "#draft-text", "45 days");
  await reads(ada, "#why", "Confidence");
  await isAccessible(ada, "a draft");
  await act(ada, "a");
  await reads(ada, "#notice", "The draft counts as right.");
  await reads(customer, ".message.agent", "45 days");
  await isAccessible(customer, "the chat");
});

test("an edit of facts is marked and counts as wrong, one of wording does not", async () => {
  const ada = await admin(here);
  for (const [from, to, mark, verdict] of [
    ["45 days", "50 days", true, "counts as wrong: its facts changed"],
    ["You can return", "You are welcome to return", false, "right but for its wording"],
  ]) {
    await openRow(ada, "approval", await write(here, QUESTION));
    await press(ada, "e");
    const draft = ada.locator("#draft-text");
    const text = await draft.inputValue();
    assert.ok(text.includes(from), text);
    const compared = ada.waitForResponse(/compare$/);
    await draft.fill(text.replace(from, to));
    await compared;
    await ada.waitForSelector(`#facts.shown${mark ? ".touched" : ":not(.touched)"}`);
    await isAccessible(ada, "an edited draft");
    await act(ada, "Control+Enter");
    await reads(ada, "#notice", verdict);
  }
});

test("what is typed before the script listens, and what was kept, is compared as well", async () => {
  const ada = await admin(here);
  let load, loading;
  const hold = () => { loading = new Promise((resolve) => { load = resolve; }); };
  await ada.route("**/static/composer.js", async (route) => { await loading; await route.continue(); });
  const id = await write(here, QUESTION);
  hold();
  await openRow(ada, "approval", id);
  await press(ada, "e");
  const draft = ada.locator("#draft-text");
  const text = await draft.inputValue();
  await draft.fill(text.replace("45 days", "50 days"));
  load();
  await ada.waitForSelector("#facts.shown.touched");
  await until("the words are kept", () => draft.evaluate((field) => {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return Object.keys(localStorage).some((name) => name.startsWith("sureply-words:"));
  }));
  hold();
  await openRow(ada, "approval", id);
  await ada.waitForSelector("#kept:not([hidden])");
  load();
  await ada.waitForSelector("#facts.shown.touched");
});

test("words of one's own beside an edited draft say nothing of its facts", async () => {
  const ada = await admin(here);
  await openRow(ada, "approval", await write(here, QUESTION));
  await press(ada, "e");
  const draft = ada.locator("#draft-text");
  await draft.fill((await draft.inputValue()).replace("45 days", "50 days"));
  await ada.waitForSelector("#facts.shown.touched");
  await ada.click("label[for=panel-reply]");
  await ada.fill("#reply-text", "I *look* into it.");
  await ada.waitForSelector(".panel-reply .preview:not([hidden])");
  await ada.click("label[for=panel-draft]");
  await ada.waitForSelector("#facts.shown.touched");
  await draft.focus();
  await act(ada, "Control+Enter");
  await reads(ada, "#notice", "counts as wrong: its facts changed");
});

test("a draft is rejected only with a reason, and becomes the agent's own conversation", async () => {
  const ada = await admin(here);
  await openRow(ada, "approval", await write(here, QUESTION));
  await press(ada, "x");
  await act(ada, "Tab");
  await ada.click("text=Reject the draft");
  await reads(ada, "#composer [role=alert]", "Nothing was rejected");
  expectComplaint(ada, /422/);
  await isAccessible(ada, "a rejection without a reason");
  await ada.check("text=Out of date");
  await ada.fill("#reason", "since May");
  await act(ada, "Enter");
  await reads(ada, "#notice", "Rejected, which counts as wrong.");
  await reads(ada, "#why", "An agent rejected the draft. It counts as wrong. Why: Out of date: since May");
  await misses(ada, "#draft-text");
  await ada.click("#queues >> text=Mine");
  await ada.waitForSelector(".row");
});

test("of two agents with the same draft the second is refused and keeps the words", async () => {
  const ada = await admin(here);
  const ben = await colleague(here, ada, "Ben");
  const id = await write(here, QUESTION);
  await openRow(ada, "approval", id);
  await openRow(ben, "approval", id);
  // Words that are being written are not swapped away when the news of the approval comes.
  await ben.fill("#draft-text", "You have 45 days, Ben says.");
  await act(ada, "a");
  await reads(ada, "#notice", "The draft counts as right.");
  await ben.waitForSelector("#fresh:not([hidden])");
  await ben.focus("#draft-text");
  await act(ben, "Control+Enter");
  await reads(ben, "#composer [role=alert]", "This draft is out of date");
  expectComplaint(ben, /409/);
  assert.equal(await ben.inputValue("#reply-text"), "You have 45 days, Ben says.");
  assert.equal(await ben.locator("#thread .line.agent").count(), 1);
  await isAccessible(ben, "a refused approval");
});
