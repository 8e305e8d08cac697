// While a customer waits for a person: who is there, where else to reach them, who writes at the moment.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, ask, openRow, reads } from "./support/people.mjs";
import { DRAFTS, PHONE, stage } from "./support/stage.mjs";

const here = stage(`${DRAFTS}[desk]\nundo_seconds = 0\n`);

async function openOf(ada, words) {
  await ada.goto("/queue/all");
  const row = await ada.locator(".row", { hasText: words }).getAttribute("id");
  await openRow(ada, "all", row.slice("row-".length));
}

test("nobody is there, so a customer leaves an address, which the team sees as their claim", async () => {
  const customer = await ask(here, "Can you teach my parrot to whistle?");
  await reads(customer, "#chat-standing", "A person will answer here");
  await reads(customer, "#chat-standing", "Nobody is here at the moment");
  await customer.click("#chat-email-way");
  await customer.waitForSelector("#chat-email-field:focus");
  await customer.keyboard.type("nowhere");
  await customer.keyboard.press("Enter");
  await reads(customer, "#chat-email-problem", "no e-mail address");
  await isAccessible(customer, "an address that is none");
  customer.complaints = customer.complaints.filter((it) => !it.includes("400"));
  await customer.fill("#chat-email-field", "kim@example.com");
  await customer.click("#chat-email-save");
  await reads(customer, "#chat-notice", "The team sees your address: kim@example.com");

  const ada = await admin(here);
  await openOf(ada, "my parrot");
  await reads(ada, "#head", "kim@example.com");
  await reads(customer, "#chat-standing", "A person will answer here");
  await customer.reload();
  await reads(customer, "#chat-standing", "People are here at the moment");
  await customer.click("#chat-email-way");
  await reads(customer, "#chat-email-kept", "kim@example.com");
  await customer.click("#chat-email-remove");
  await customer.waitForSelector("#chat-email-remove", { state: "hidden" });
});

test("each sees the other write", async () => {
  const customer = await ask(here, "Do you repair kites?");
  const ada = await admin(here);
  await openOf(ada, "repair kites");
  await ada.waitForSelector(".scripted");
  await ada.keyboard.press("r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.keyboard.type("We ");
  await customer.waitForSelector("#chat-typing", { state: "visible" });
  await reads(customer, "#chat-typing-words", "The team is writing");
  await customer.locator("#chat-text").pressSequentially("A red");
  await ada.waitForFunction(() => document.getElementById("presence").textContent.includes("customer"));
  await isAccessible(customer, "an agent writes");
});

test("the chat is mirrored for those who read from right to left", async () => {
  for (const options of [{ viewport: { width: 1440, height: 900 } }, PHONE]) {
    const customer = await here.open({ ...options, locale: "ar-EG" });
    await customer.goto("/chat/web");
    assert.equal(await customer.getAttribute("html", "dir"), "rtl");
    await customer.fill("#chat-text", "هل تصلحون الخيام؟");
    await customer.press("#chat-text", "Enter");
    await customer.waitForSelector("#chat[data-with=waiting]");
    const { mine, whole } = await customer.evaluate(() => {
      const box = (css) => document.querySelector(css).getBoundingClientRect();
      return { mine: box(".message.customer .bubble"), whole: box("#chat") };
    });
    assert.ok(mine.left - whole.left < whole.right - mine.right, "the customer's words stand at the left");
    const wide = await customer.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert.ok(wide <= 0, "nothing sticks out");
    await isAccessible(customer, "the chat in Arabic");
  }
});

test("files are dropped, and a hostile name is only a name", async () => {
  const customer = await ask(here, "Here it comes");
  const name = "<img src=x onerror=alert(1)>\u202egpj.txt";
  await customer.evaluate((name) => {
    const carried = new DataTransfer();
    carried.items.add(new File(["words"], name, { type: "text/plain" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
      document.getElementById("chat").dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
    }
  }, name);
  await customer.waitForSelector("#chat-files [data-state=stored]");
  assert.equal(await customer.locator("#chat.dropping").count(), 0);
  await customer.press("#chat-text", "Enter");
  await reads(customer, ".message.customer:not([data-state]) .file", "<img src=x onerror=alert(1)>");
  assert.equal(await customer.locator("img").count(), 0);
});
