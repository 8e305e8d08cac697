// Customers who are logged in on the shop's page: one chat on all their devices, and gone at logout.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { admin, openChat, openRow, reads, say } from "./support/people.mjs";
import { openShop } from "./support/shop.mjs";
import { DRAFTS, PHONE, expectComplaint, stage } from "./support/stage.mjs";
import { SECRET, token } from "./support/token.mjs";

const shop = await openShop();
const settings = `${DRAFTS}allowed_origins = ['${shop.origin}']\nidentity_secrets = ['${SECRET}']\n`;
const here = stage(settings, ({ url }) => { shop.chat = `${url}/chat/web`; });
after(() => shop.close());

// Opens the shop's page for somebody, or for nobody in particular.
async function visit(page, claims) {
  shop.attributes = claims ? `data-token="${token(claims)}"` : "";
  await page.goto(shop.origin);
  shop.attributes = "";
}

test("an anonymous chat goes on as the customer's own, on every device", async () => {
  const desktop = await here.open();
  await visit(desktop);
  const before = await openChat(desktop);
  await say(before, "Do you mend tents?");
  await visit(desktop, { sub: "c-1", name: "Ana <i>Anders</i>", email: "ana@example.com" });
  const chat = desktop.frameLocator("#sureply-widget iframe");
  await reads(chat, ".message.customer", "Do you mend tents?");
  await say(chat, "It is a green one.");

  const phone = await here.open(PHONE);
  await visit(phone, { sub: "c-1" });
  const pocket = await openChat(phone);
  for (const words of ["mend tents", "a green one"]) await reads(pocket, ".message.customer", words);
  assert.equal(await pocket.locator(".message").count(), 2, "each once");

  const ada = await admin(here);
  await ada.goto("/queue/all");
  const row = await ada.locator(".row", { hasText: "a green one" }).getAttribute("id");
  await openRow(ada, "all", row.slice("row-".length));
  await reads(ada, "#head", "Ana <i>Anders</i>");
  await reads(ada, "#head", "c-1");
  await reads(ada, "#head", "ana@example.com");
});

test("what is written before the shop has said who writes goes out once it has", async () => {
  const tab = await here.open();
  let told;
  const telling = new Promise((resolve) => { told = resolve; });
  await tab.route("**/identify", async (route) => { await telling; await route.continue(); });
  await visit(tab, { sub: "c-4", name: "Eve Early" });
  const chat = await openChat(tab);
  await chat.locator("#chat-text").fill("Do you mend kayaks?");
  await chat.locator("#chat-text").press("Enter");
  await reads(chat, ".message.customer[data-state]", "Do you mend kayaks?");
  told();
  await reads(chat, ".message.customer:not([data-state])", "Do you mend kayaks?");

  const ada = await admin(here);
  await ada.goto("/queue/all");
  const row = await ada.locator(".row", { hasText: "kayaks" }).getAttribute("id");
  await openRow(ada, "all", row.slice("row-".length));
  await reads(ada, "#head", "Eve Early");
});

test("at logout the chat is gone, in the other tab too", async () => {
  const tab = await here.open();
  await visit(tab, { sub: "c-2" });
  const chat = await openChat(tab);
  await say(chat, "Is my parcel here?");
  const other = await tab.context().newPage();
  await visit(other, { sub: "c-2" });
  const beside = await openChat(other);
  await reads(beside, ".message.customer", "Is my parcel here?");
  await tab.evaluate("Sureply.forget()");
  for (const frame of [chat, beside]) await frame.locator(".message").waitFor({ state: "detached" });
  await visit(tab);
  const anew = tab.frameLocator("#sureply-widget iframe");
  await anew.locator(".welcome").waitFor();
  assert.equal(await anew.locator(".message").count(), 0);
});

test("a token that is refused is told on the console, and the chat is anonymous", async () => {
  const customer = await here.open();
  await visit(customer, { sub: "c-3", exp: Math.floor(Date.now() / 1000) - 90 });
  const chat = await openChat(customer);
  await say(chat, "Hello?");
  await customer.evaluate((forged) => Sureply.identify(forged), token({ sub: "c-3" }, "another secret of thirty-two letters"));
  await reads(chat, ".message.customer", "Hello?");
  expectComplaint(customer, /run out/);
  await customer.waitForTimeout(0);
  customer.complaints = customer.complaints.filter((it) => !/token was refused|403/.test(it));
});
