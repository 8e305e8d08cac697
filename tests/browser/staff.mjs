// What belongs to those who work here: teams, what they can, hours, tokens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, ask, reads } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

// One day a week that is never today, by a clock where it is any day.
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const FAR = (new Date().getUTCDay() + 3) % 7;
const HOURS = `[hours]\nzone = 'Etc/UTC'\n${DAYS[FAR]} = ['09:00-17:00']\n`;
const here = stage(HOURS + DRAFTS.replace("'draft'", "'auto'"));

test("a team is made, filled and ended", async () => {
  const ada = await admin(here);
  await ada.goto("/people/teams");
  await reads(ada, ".empty", "no team yet");
  await ada.fill("#name", "Returns");
  await ada.locator("main label", { hasText: "Ada" }).last().click();
  await ada.locator("main button.primary").click();
  await reads(ada, "h2", "Returns");
  await reads(ada, ".panel-box", "Ada");
  await ada.locator("main summary").first().click();
  await isAccessible(ada, "teams");
  await ada.locator("main button.danger").click();
  await reads(ada, ".empty", "no team yet");
});

test("an admin says what somebody can, and who is away says so", async () => {
  const ada = await admin(here);
  await ada.goto("/people");
  await ada.locator("main summary").first().click();
  await ada.locator("input[name=langs]").fill("de, en");
  await ada.locator("input[name=skills]").fill("tents");
  await ada.locator("input[name=capacity]").fill("3");
  await isAccessible(ada, "what somebody can");
  await ada.locator("form[action$=traits] button").click();
  await reads(ada, "td", "up to 3 at once");
  await ada.goto("/account");
  await ada.click("text=Go away for a while");
  await reads(ada, ".tag", "away");
  await isAccessible(ada, "an account of somebody who is away");
  await ada.click("text=I am back");
  await reads(ada, "button", "Go away for a while");
});

test("who writes out of hours is told when a person answers", async () => {
  const customer = await ask(here, "I want to talk to a person, please");
  const day = DAYS[FAR][0].toUpperCase() + DAYS[FAR].slice(1);
  await reads(customer, ".message.bot", `a person answers from ${day}, 09:00`);
  const ada = await admin(here);
  await ada.goto("/people/hours");
  await reads(ada, ".tag", "closed now");
  await isAccessible(ada, "hours");
});

test("a token is made for an inbox, shown once, and revoked", async () => {
  const ada = await admin(here);
  await ada.goto("/people/tokens");
  await isAccessible(ada, "no token yet");
  await ada.fill("#name", "Till");
  await ada.locator("main button.primary").click();
  const token = await ada.inputValue("#token");
  assert.match(token, /^[0-9a-f]{64}$/);
  await isAccessible(ada, "a token that was made");
  await ada.goto("/people/tokens");
  assert.equal((await ada.content()).includes(token), false, "it is shown once");
  await ada.locator("main summary").click();
  await ada.locator("main button.danger").click();
  await reads(ada, ".tag", "revoked");
  await isAccessible(ada, "a token that was revoked");
});
