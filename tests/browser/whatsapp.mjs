// A customer on WhatsApp, from their first words to a template after the window; the demonstration plays Meta.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, logIn, open, press, reads } from "./support/people.mjs";
import { demonstrate } from "./support/program.mjs";
import { PHONE, stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

// What two articles of the sample answer about equally well is asked back about.
const here = stage("[desk]\nundo_seconds = 0\n[policy]\nclarify_floor = 0.25\n", () => {}, demonstrate);

// A picture of one red dot (PNG).
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==", "base64");

async function write(phone, words) {
  await phone.fill("#text", words);
  await phone.click("#write button");
  await reads(phone, "#thread .mine", words);
}

test("three short messages, one answer with buttons, a photo, a person, and a template after the window", async () => {
  const phone = await here.open(PHONE);
  await phone.goto(here.program.phone);
  await isAccessible(phone, "a phone without messages");
  for (const words of ["Hello!", "Quick question.", "When are you open?"]) await write(phone, words);

  // One answer, with the two questions as buttons; none to each message.
  const ours = phone.locator("#thread li:not(.mine)");
  await phone.locator("#thread .choices button").first().waitFor();
  assert.equal(await ours.count(), 1, "they were answered one by one");
  assert.equal(await phone.locator("#thread .choices button").count(), 2);
  await isAccessible(phone, "a phone with buttons");
  await phone.locator("#thread .choices button").first().click();
  await until("the choice is answered", async () => (await ours.count()) === 2);

  await phone.setInputFiles("#file", { name: "tent.png", mimeType: "image/png", buffer: PICTURE });
  await phone.locator("#thread .mine img").waitFor();

  // An agent sees the picture, how long the customer can be answered, and takes over.
  const ada = await admin(here);
  await ada.goto("/queue/all");
  await open(ada);
  await ada.locator("#thread .picture img").waitFor();
  await reads(ada, "time[data-words=window]", "closes in 2");
  await isAccessible(ada, "a conversation on WhatsApp");
  await act(ada, "t");
  await reads(ada, "#main", "Ada");
  await press(ada, "r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.keyboard.type("That is our *red* tent.");
  await ada.keyboard.press("Control+Enter");
  await reads(phone, "#thread li:not(.mine)", "That is our red tent.");
  await ada.goto("/queue/mine");
  await open(ada);
  await write(phone, "Thank you, how do I return it?");
  await reads(ada, "#thread .customer", "Thank you, how do I return it?");
  const said = await ours.count();

  // Two days later nobody is logged in any more, and only a template may be sent.
  await phone.click("#day");
  await phone.click("#day");
  await ada.goto("/queue/all");
  await logIn(ada, "Ada");
  await ada.goto("/queue/all");
  await reads(ada, ".row time[data-words=window]", "closed");
  await open(ada);
  await reads(ada, "#composer", "takes no answer now");
  assert.equal(await ada.locator("#reply-text").count(), 0, "words of one's own can be written");
  await isAccessible(ada, "a conversation whose window has closed");
  assert.equal(await ours.count(), said, "the bot answered though a person has it");
  await ada.selectOption("#template-choose", { label: "ask_again" });
  const fill = async () => {
    await ada.fill("[name='value.1']", "Customer");
    await ada.fill("[name='value.2']", "your tent");
    await reads(ada, ".preview", "your question on your tent");
  };
  await fill();
  await isAccessible(ada, "a template that is filled in");
  // Whoever is quick is not taken for somebody who meant the page before.
  await ada.reload();
  await fill();
  await ada.click("text=Send template");
  await reads(phone, "#thread li:not(.mine)", "your question on your tent");
  assert.equal(await ours.count(), said + 1);
  await phone.locator("#thread .choices button").last().click();
  await ada.goto("/queue/all");
  await open(ada);
  await reads(ada, "#thread .customer", "Yes, please");
  await reads(ada, "#main", "closes in 2");
});
