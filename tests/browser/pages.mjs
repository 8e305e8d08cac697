// Every page of the desk on a wide screen, with something to show on it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { PAGES } from "./support/pages.mjs";
import { admin, reads, write } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

const here = stage(DRAFTS);

test("every page can be used by everybody", async () => {
  const ada = await admin(here);
  const id = await write(here, "How long do I have to return something?");
  await ada.waitForSelector(`#row-${id}`);
  for (const path of PAGES) {
    await ada.goto(path);
    await isAccessible(ada, path);
  }
});

test("an entry of the knowledge opens", async () => {
  const ada = await admin(here);
  await ada.goto("/knowledge");
  await ada.locator(".entry summary").first().click();
  await ada.waitForSelector(".entry[open]");
  await isAccessible(ada, "an entry");
});

test("a question to the bot shows its whole decision", async () => {
  const ada = await admin(here);
  await ada.goto("/ask?q=How+long+do+I+have+to+return+something%3F");
  assert.equal(await ada.locator(".ask-answer").count(), 0, "an address asks nothing");
  await ada.click("main >> text=Ask >> nth=-1");
  await reads(ada, ".ask-answer", "45 days");
  for (const details of await ada.locator(".ask-answer details").all()) await details.locator("summary").first().click();
  await isAccessible(ada, "a decision in full");
});
