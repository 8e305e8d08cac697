// The inbox: what falls due first stands first, and the next conversation opens without a page being loaded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, press, reads, write } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

const WIDE = { viewport: { width: 1440, height: 900 } };

const rows = (page) => page.locator(".row").evaluateAll((rows) => rows.map((row) => row.id.slice("row-".length)));

test("what falls due first stands first, and is counted down", async () => {
  const ada = await admin(here);
  const usual = await write(here, "How much does standard shipping cost?");
  const urgent = await write(here, "I had an accident with your stove");
  await until("both wait", async () => (await rows(ada)).length === 2);
  assert.deepEqual(await rows(ada), [urgent, usual]);
  assert.match(await ada.textContent(`#row-${urgent} .due`), /^due in (59 min|1 h)$/);
  assert.match(await ada.textContent(`#row-${usual} .due`), /^due in (23|24) h$/);
  await reads(ada, `#row-${urgent} .tag`, "urgent");
  // An hour and ten minutes later, by the viewer's clock.
  await ada.evaluate("{ const now = Date.now; Date.now = () => now() + 4_200_000; showTimes(); }");
  assert.match(await ada.textContent(`#row-${urgent} .due.late`), /^overdue (9|10) min$/);
  await isAccessible(ada, "a queue with something overdue");
});

test("the next conversation comes without a page being loaded, and Back leads back", async () => {
  const ada = await admin(here, WIDE);
  const first = await write(here, "Where is my parcel 7654321?");
  const second = await write(here, "Where is my invoice 1111111?");
  await ada.goto("/queue/all");
  await until("both are there", async () => (await rows(ada)).includes(second) && (await rows(ada)).includes(first));
  await ada.evaluate("window.isSamePage = true");
  await ada.click(`#row-${first}`);
  await reads(ada, "#thread", "Where is my parcel");
  await ada.click(`#row-${second}`);
  await reads(ada, "#thread", "Where is my invoice");
  assert.ok(ada.url().includes(second), ada.url());
  assert.equal(await ada.title(), "Visitor · Sureply");
  await ada.goBack();
  await reads(ada, "#thread", "Where is my parcel");
  await press(ada, "r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.goBack();
  await ada.waitForSelector(".desk-queue");
  assert.ok(await ada.evaluate("window.isSamePage"), "a page was loaded");
});
