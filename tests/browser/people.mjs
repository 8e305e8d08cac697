// Who comes in: by an invitation, by name and password, or not at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, invitation, join, logIn, reads } from "./support/people.mjs";
import { DRAFTS, expectComplaint, stage } from "./support/stage.mjs";

const here = stage(DRAFTS);

test("an invited agent joins by a link that works once", async () => {
  const ada = await admin(here);
  const link = await invitation(ada);
  await isAccessible(ada, "an invitation");
  const ben = await here.open();
  await ben.goto(link);
  await isAccessible(ben, "the way in");
  await join(ben, link, "Ben");
  await reads(ben, ".who", "Ben");
  await ada.goto("/people");
  await reads(ada, "main tr", "ben@shop.example");
  await isAccessible(ada, "people");
  await ben.goto("/people");
  assert.equal(await ben.locator("text=Invite somebody").count(), 0, "only admins invite");

  const eve = await here.open();
  await eve.goto(link);
  await reads(eve, "main", "To the desk");
  expectComplaint(eve, /40[34]|410/);
  await isAccessible(eve, "a link that was used");
});

test("who logs out comes back by name and password, and to where they wanted", async () => {
  const ben = await here.open();
  await ben.goto("/trust");
  await reads(ben, "h1", "Log in");
  await isAccessible(ben, "the login");
  await ben.fill("#email", "ben@shop.example");
  await ben.fill("#password", "a wrong guess");
  await ben.keyboard.press("Enter");
  await ben.waitForSelector("[role=alert]");
  expectComplaint(ben, /40[13]|422/);
  await isAccessible(ben, "a wrong password");
  await logIn(ben, "Ben");
  await reads(ben, "h1", "Trust");
  await ben.click("text=Log out");
  await reads(ben, "h1", "Log in");
  await ben.goto("/queue/all");
  await reads(ben, "h1", "Log in");
});
