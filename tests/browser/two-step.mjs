// Two-step login: set up with an app, asked for, and got through by a recovery code.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, reads } from "./support/people.mjs";
import { DRAFTS, expectComplaint, stage } from "./support/stage.mjs";

const here = stage(DRAFTS);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
let secret, recovery;

// What an authenticator app shows, `ahead` steps from now.
function code(ahead = 0) {
  const bits = [...secret].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function beginLogin(page) {
  await page.goto("/queue/all");
  await page.fill("#email", "ada@shop.example");
  await page.fill("#password", "four plain old words");
  await page.keyboard.press("Enter");
  await reads(page, "h1", "Your code");
}

test("an app is set up with a secret, and counts after its first code", async () => {
  const ada = await admin(here);
  await ada.goto("/account");
  await ada.click("text=Set it up");
  await isAccessible(ada, "two-step login, off");
  await ada.click("text=Set it up");
  await reads(ada, "h2", "Write the code");
  await isAccessible(ada, "a secret for an app");
  const box = await ada.locator("svg.qr").boundingBox();
  assert.ok(box.width > 150 && Math.abs(box.width - box.height) < 1, "the code is square");
  secret = (await ada.locator("#secret").textContent()).replaceAll(" ", "");
  await ada.fill("#code", "000000");
  await ada.keyboard.press("Enter");
  await reads(ada, "[role=alert]", "not the code");
  expectComplaint(ada, /422/);
  await ada.fill("#code", code(-1));
  await ada.keyboard.press("Enter");
  await reads(ada, "h2", "recovery codes");
  await isAccessible(ada, "recovery codes");
  const codes = await ada.locator(".codes code").allTextContents();
  assert.equal(new Set(codes).size, 10);
  recovery = codes[0];
});

test("a login takes the code, and without the app a recovery code once", async () => {
  const ada = await here.open();
  await beginLogin(ada);
  await isAccessible(ada, "the second step");
  await ada.fill("#code", "000000");
  await ada.keyboard.press("Enter");
  await reads(ada, "[role=alert]", "does not fit");
  expectComplaint(ada, /401/);
  await ada.fill("#code", code());
  await ada.keyboard.press("Enter");
  await reads(ada, "h1", "All");
  await ada.click("text=Log out");

  await beginLogin(ada);
  await ada.fill("#code", recovery.toUpperCase());
  await ada.keyboard.press("Enter");
  await reads(ada, "h1", "All");
  await ada.goto("/account/two-step");
  await reads(ada, "main", "9 recovery codes left");
  await isAccessible(ada, "two-step login, on");
  await ada.goto("/people/log");
  await reads(ada, "td", "used a recovery code");
  await isAccessible(ada, "the logbook");
});

test("it is switched off by password and code", async () => {
  const ada = await here.open();
  await beginLogin(ada);
  await ada.fill("#code", code(1));
  await ada.keyboard.press("Enter");
  await reads(ada, "h1", "All");
  await ada.goto("/account/two-step");
  await ada.fill("#password", "a wrong guess");
  await ada.fill("#code", recovery);
  await ada.click("text=Switch off");
  await reads(ada, "[role=alert]", "nothing was changed");
  expectComplaint(ada, /422/);
});
