// The chat in the corner of another site's page, and the same chat on a second device.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, ask, open, openChat, openRow, press, reads, say } from "./support/people.mjs";
import { openShop } from "./support/shop.mjs";
import { DRAFTS, PHONE, expectComplaint, stage } from "./support/stage.mjs";

const [shop, stranger] = [await openShop(), await openShop()];
const here = stage(`${DRAFTS}allowed_origins = ['${shop.origin}']\n[desk]\nundo_seconds = 0\n`, ({ url }) => {
  for (const site of [shop, stranger]) site.chat = `${url}/chat/web`;
});
after(() => { for (const site of [shop, stranger]) site.close(); });

test("a customer of a strict page is answered in its corner", async () => {
  const customer = await here.open();
  await customer.goto(shop.origin);
  await isAccessible(customer, "a shop");
  const chat = await openChat(customer);
  await isAccessible(customer, "a shop with the open chat");
  await say(chat, "Can you teach my parrot to whistle?");
  await reads(chat, "#chat-standing", "A person will answer here");
  await chat.press("#chat-text", "Escape");
  await customer.waitForSelector("#sureply-widget .launcher:focus");

  const ada = await admin(here);
  await ada.goto("/queue/handed-off");
  await open(ada);
  await press(ada, "r");
  await ada.fill("#reply-text", "Only in spring.");
  await ada.press("#reply-text", "Control+Enter");
  await reads(ada, "#notice", "Reply sent.");
  await reads(customer, "#sureply-widget .count", "1");
  assert.match(await customer.getAttribute("#sureply-widget .launcher", "aria-label"), /\(1\)/);
  const again = await openChat(customer);
  await reads(again, ".message.agent", "Only in spring.");
  await isAccessible(customer, "a reply in the corner");
  await customer.reload();
  await reads(customer.frameLocator("#sureply-widget iframe"), ".message.agent", "Only in spring.");
});

test("a page that the settings do not name cannot hold the chat", async () => {
  const customer = await here.open();
  await customer.goto(stranger.origin);
  const refused = customer.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await customer.click("#sureply-widget .launcher");
  await refused;
  expectComplaint(customer, /frame-ancestors/);
});

test("on a phone the chat fills the screen", async () => {
  const customer = await here.open(PHONE);
  await customer.goto(shop.origin);
  await customer.click("#sureply-widget .launcher");
  const frame = customer.locator("#sureply-widget iframe");
  await frame.waitFor();
  const { width, height } = await frame.boundingBox();
  assert.deepEqual([width, height].map(Math.round), [PHONE.viewport.width, PHONE.viewport.height]);
});

test("a chat goes on at a second device, both hear the reply", async () => {
  const desktop = await ask(here, "Do you repair kites?");
  await desktop.click("#chat-link");
  await desktop.waitForSelector("#chat-device-url");
  await isAccessible(desktop, "a link for another device");
  const link = await desktop.inputValue("#chat-device-url");
  const phone = await here.open(PHONE);
  await phone.goto(link);
  await reads(phone, ".message.customer", "kites");
  assert.doesNotMatch(phone.url(), /continue/, "the link does not stay in the address");
  await say(phone, "It is a red one.");
  await reads(desktop, ".message.customer", "It is a red one.");
  await isAccessible(phone, "the chat on a phone");

  const ada = await admin(here);
  await ada.goto("/queue/all");
  const row = await ada.locator(".row", { hasText: "a red one" }).getAttribute("id");
  await openRow(ada, "all", row.slice("row-".length));
  await press(ada, "r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.keyboard.type("We mend kites.");
  await ada.keyboard.press("Control+Enter");
  for (const device of [desktop, phone]) await reads(device, ".message.agent", "We mend kites.");
});

test("another page that only pretends to be the shop is told nothing", async () => {
  const customer = await here.open();
  await customer.goto(shop.origin);
  const chat = await openChat(customer);
  const heard = await chat.evaluate(async () => {
    // What comes from this frame itself, under the right name, is not the page around it.
    window.postMessage({ sureply: "forget" }, location.origin);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return document.querySelectorAll(".welcome").length;
  });
  assert.equal(heard, 1);
  const styles = await customer.evaluate(() => document.querySelectorAll("style, [style]").length
    + document.querySelector("#sureply-widget").shadowRoot.querySelectorAll("style, [style]").length);
  assert.equal(styles, 0, "nothing needs unsafe-inline");
});
