// Two people in one conversation: each sees the other before they begin to write.

import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, colleague, openRow, press, reads, write } from "./support/people.mjs";
import { until } from "./support/until.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

test("a colleague's open composer is shown, and is gone once they have left", async () => {
  const ada = await admin(here);
  const bo = await colleague(here, ada, "Bo");
  const id = await write(here, "How long do I have to return something?");
  await openRow(ada, "approval", id);
  await openRow(bo, "approval", id);
  await reads(ada, "#presence", "Bo is looking at this too.");
  await reads(bo, "#presence", "Ada is looking at this too.");
  await press(bo, "r");
  await bo.keyboard.type("Hello");
  await reads(ada, "#presence.writes", "Bo is writing here.");
  await isAccessible(ada, "a colleague writes");
  await bo.close();
  await until("who has left is gone", () => ada.locator("#presence").textContent().then((text) => text === ""), 40_000);
});
