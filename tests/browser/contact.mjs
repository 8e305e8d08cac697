// Who writes: the contact's pane, its notes and name, contacts and conversations put together and taken apart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, ask, openRow, reads, say, write } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

const QUESTION = "How long do I have to return something?";
const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

// Presses a button once the page takes it; the key itself does nothing.
async function press(page, css) {
  await act(page, "Shift");
  await page.click(css);
}

async function name(page, words) {
  await page.click(".person-name-form summary");
  await page.fill("#contact-name", words);
  await press(page, ".person-name-form button");
  await reads(page, "h1", words);
}

test("a contact is named, noted upon, and found to be another", async () => {
  const ada = await admin(here);
  const other = await write(here, "Where is my parcel?");
  await ada.goto(`/conversations/${other}`);
  await name(ada, "Anna Alder");
  const id = await write(here, QUESTION);
  await ada.goto(`/conversations/${id}`);
  await name(ada, "A. Alder");
  await ada.fill("#contact-note", "Prefers the **phone**");
  await press(ada, "#person .stack button");
  await reads(ada, ".contact-notes strong", "phone");
  await isAccessible(ada, "the contact's pane");
  await press(ada, ".contact-notes button");
  await reads(ada, ".contact-notes", "was put away");
  await press(ada, ".contact-notes button");
  await reads(ada, ".contact-notes strong", "phone");
  await ada.click('a[href$="/same-person"]');
  await ada.fill("#q", "anna");
  await ada.keyboard.press("Enter");
  await reads(ada, ".candidates-list", "Anna Alder");
  await isAccessible(ada, "who is the same person");
  await press(ada, ".candidates-list button");
  await reads(ada, "#person", "Also known as Anna Alder");
  assert.equal(await ada.locator(".past li").count(), 2);
  await press(ada, ".undo-regroup button");
  await reads(ada, "#notice", "Undone.");
  assert.equal(await ada.locator(".past li").count(), 1);
});

test("a conversation is split, merged and parted again", async () => {
  const ada = await admin(here);
  const customer = await ask(here, QUESTION);
  await ada.goto("/queue/all");
  await ada.click(".row >> nth=0");
  await reads(ada, "#draft-text", "45 days");
  await act(ada, "a");
  await reads(customer, ".message.agent", "45 days");
  await say(customer, "Is the Bristol store open on Sunday?");
  await ada.goto("/queue/all");
  await ada.click(".row >> nth=0");
  await reads(ada, ".line.customer", "Bristol");
  const whole = ada.url();
  await act(ada, "Shift");
  await ada.locator(".line.customer", { hasText: "Bristol" }).hover();
  await ada.locator(".line.customer", { hasText: "Bristol" }).locator(".split button").click();
  await reads(ada, "#notice", "a conversation of its own");
  assert.equal(await ada.locator(".line.customer").count(), 1);
  await isAccessible(ada, "a conversation that was split off");
  await press(ada, ".past form button");
  await reads(ada, "#notice", "The two conversations are one");
  await reads(ada, ".line.customer", "How long");
  await ada.goto(whole);
  await reads(ada, ".line.customer", "Bristol");
  assert.equal(await ada.locator(".line.customer").count(), 2, "the older leads on to the newer");
  await act(ada, "Shift");
  await ada.locator(".undo-regroup button").last().click();
  await reads(ada, "#notice", "Undone.");
});
