// Every page on a phone: nothing sticks out at the side, and one gets in and back out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, invitation, openRow, reads, write } from "./support/people.mjs";
import { PAGES } from "./support/pages.mjs";
import { DRAFTS, PHONE, stage } from "./support/stage.mjs";

const LONG = `Where is ${"averylongwordthatnothingbreaks".repeat(6)}, and how long do I have to return something?`;

const here = stage(DRAFTS);

// Whether the page is no wider than the screen.
async function fits(page, name) {
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(wide <= PHONE.viewport.width, `${name} is ${wide} wide`);
}

test("no page is wider than the phone", async () => {
  const ada = await admin(here, PHONE);
  const id = await write(here, LONG);
  await ada.goto("/queue/all");
  await ada.waitForSelector(`#row-${id}`);
  for (const path of PAGES) {
    await ada.goto(path);
    await fits(ada, path);
    await isAccessible(ada, path);
  }
  await openRow(ada, "all", id);
  await fits(ada, "a long word");
  await invitation(ada);
  await fits(ada, "an invitation");
  const stranger = await here.open(PHONE);
  for (const path of ["/login", "/chat/web", "/join/nonsense"]) {
    await stranger.goto(path);
    await fits(stranger, path);
  }
  stranger.complaints = stranger.complaints.filter((complaint) => !complaint.includes("/join/nonsense"));
});

test("from the queue into a conversation, through its panels, and back", async () => {
  const ada = await admin(here, PHONE);
  const id = await write(here, "How long do I have to return something?");
  await ada.tap(`#row-${id}`);
  await ada.waitForSelector("#draft-text");
  await fits(ada, "a draft");
  await isAccessible(ada, "a draft on a phone");
  for (const panel of ["reject", "note", "reply"]) {
    await ada.tap(`label[for=panel-${panel}]`);
    await ada.waitForSelector(`.panel-${panel}`);
    await fits(ada, panel);
  }
  await ada.tap("summary >> text=Snooze");
  await ada.waitForSelector("#snooze-first");
  await fits(ada, "the times of a snooze");
  await ada.tap("a.back");
  await reads(ada, "h1", "Needs approval");
  await ada.waitForSelector(`#row-${id}`);
});
