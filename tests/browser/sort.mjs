// Sorting the inbox: priority, tags, assignment, blocking, many at once, kept searches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, colleague, misses, openRow, press, reads, write } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

test("a priority and tags are set by the keyboard, stand in the thread, and are found", async () => {
  const ada = await admin(here);
  const id = await write(here, "Is the red kayak insured?");
  await openRow(ada, "all", id);
  await press(ada, "p");
  await ada.waitForSelector("#priority-now[value=normal]:focus");
  await isAccessible(ada, "the priorities");
  await ada.focus("#head button[name=priority][value=urgent]");
  await act(ada, "Enter");
  await reads(ada, "#notice", "The priority is set");
  await reads(ada, "#head .tag", "urgent");
  await reads(ada, "#thread .event", "Ada set the priority: urgent.");

  for (const tag of ["Insurance", "kayak"]) {
    await press(ada, "l");
    await ada.waitForSelector("#tag:focus");
    await ada.keyboard.type(tag);
    await act(ada, "Enter");
    await reads(ada, "#head .tags", tag.toLowerCase());
  }
  await isAccessible(ada, "a conversation with tags");
  await press(ada, "l");
  await ada.waitForSelector("#tags-known option[value=insurance]", { state: "attached" });
  await press(ada, "Escape");
  await ada.click("#head .tags >> text=insurance");
  await reads(ada, `#row-${id} .tag.word`, "kayak");
  await openRow(ada, "all", id);
  await until("the page has been read", () => ada.evaluate("performance.now() - shownAt >= READING"));
  await ada.click('[aria-label="Take the tag kayak off"]');
  await reads(ada, "#thread .event", "Ada took the tag kayak off.");
});

test("a conversation is given to a colleague, and stands in their own", async () => {
  const ada = await admin(here);
  const bo = await colleague(here, ada, "Bo");
  const id = await write(here, "Is the blue kayak insured?");
  await openRow(ada, "all", id);
  await press(ada, "o");
  await ada.waitForSelector("#assign-to:focus");
  await isAccessible(ada, "whom to give it to");
  await ada.selectOption("#assign-to", { label: "Bo" });
  await until("the page has been read", () => ada.evaluate("performance.now() - shownAt >= READING"));
  await ada.press("#assign-to", "Tab");
  await ada.keyboard.press("Enter");
  await reads(ada, "#thread .event", "Ada gave it to Bo.");
  await reads(ada, "#head .status", "Bo");
  await bo.goto("/queue/mine");
  await reads(bo, `#row-${id}`, "blue kayak");
});

test("a contact is blocked with a reason, listed, and unblocked", async () => {
  const ada = await admin(here);
  const id = await write(here, "Win a prize now");
  await openRow(ada, "all", id);
  await ada.click("summary >> text=Block");
  await ada.fill("#block-reason", "Only advertising");
  await isAccessible(ada, "blocking");
  await until("the page has been read", () => ada.evaluate("performance.now() - shownAt >= READING"));
  await ada.press("#block-reason", "Enter");
  await reads(ada, "#head .blocked", "Only advertising");
  await isAccessible(ada, "a blocked contact");
  await ada.click("text=Blocked >> nth=0");
  await reads(ada, "td", "Only advertising");
  await isAccessible(ada, "who is blocked");
  await ada.click("td >> text=Unblock");
  await reads(ada, ".empty", "Nobody is blocked");
  await isAccessible(ada, "nobody is blocked");
  await openRow(ada, "all", id);
  await reads(ada, "#thread .event", "Ada unblocked the contact.");
});

test("many are chosen by x and Shift, and resolved at once", async () => {
  const ada = await admin(here);
  const ids = [];
  for (const name of ["one", "two", "three"]) ids.push(await write(here, `How much is canoe ${name}?`));
  await ada.goto("/queue/all");
  await until("all are there", async () => (await ada.locator(".row", { hasText: "canoe" }).count()) === 3);
  assert.ok(await ada.isHidden("#bulk"));
  const boxes = ada.locator("li", { hasText: "canoe" }).locator(".pick-box input");
  await boxes.nth(0).check();
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  await reads(ada, "#bulk-count", "3 chosen");
  await isAccessible(ada, "many that are chosen");
  // News of another conversation leaves them chosen.
  const other = await write(here, "Do you have oars?");
  await ada.waitForSelector(`#row-${other}`);
  await reads(ada, "#bulk-count", "3 chosen");
  await ada.focus(`#row-${ids[0]}`);
  await press(ada, "x");
  await reads(ada, "#bulk-count", "2 chosen");
  await press(ada, "x");
  await ada.fill("#bulk-tag", "boats");
  await ada.click("#bulk >> text=Add the tag");
  await reads(ada, "#notice", "3 done.");
  for (const id of ids) await reads(ada, `#row-${id} .tag.word`, "boats");
  await ada.check("#bulk-all", { force: true }).catch(() => ada.evaluate("document.getElementById('bulk-all').click()"));
  await until("all are chosen", async () => /^\d+ chosen$/.test(await ada.textContent("#bulk-count")));
  await ada.goto("/queue/all");
  for (const id of ids) await ada.locator("li", { has: ada.locator(`#row-${id}`) }).locator("input").check();
  await ada.click("#bulk >> text=Resolve");
  await reads(ada, "#notice", "3 done.");
  await ada.goto("/queue/resolved");
  for (const id of ids) await ada.waitForSelector(`#row-${id}`);
});

test("a search is kept under a name, counted in the menu, renamed and deleted", async () => {
  const ada = await admin(here);
  const id = await write(here, "How much is a zeppelin?");
  await ada.goto("/search?q=zeppelin");
  await reads(ada, `#row-${id}`, "zeppelin");
  await ada.click("text=Keep this search");
  await ada.fill("#view-name", "Zeppelins");
  await isAccessible(ada, "keeping a search");
  await ada.press("#view-name", "Enter");
  await reads(ada, "#views", "Zeppelins");
  await reads(ada, "#views [data-view]", "1");
  await write(here, "Do you sell a second zeppelin?");
  await reads(ada, "#views [data-view]", "2");
  await ada.click("text=Edit views");
  await reads(ada, "td", "2");
  await ada.click("summary >> text=Change");
  await isAccessible(ada, "the views");
  await ada.fill("td input[name=name]", "Airships");
  await ada.click("text=Change it");
  await reads(ada, "#views", "Airships");
  await ada.click("summary >> text=Change");
  await ada.click("text=Delete it");
  await reads(ada, ".empty", "Nothing is kept yet");
  await misses(ada, "#views");
});
