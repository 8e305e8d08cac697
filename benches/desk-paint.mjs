// How long it takes from a key to the next conversation on the screen, in Chromium.
//
// `node benches/desk-paint.mjs http://127.0.0.1:8080 sureply=…` walks through the first conversations of a running
// desk that wait for approval, with the cookie of somebody who is logged in there. `TEST_BROWSER_MODULES` names a
// folder into which `npm install playwright-core` was done.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const [address, cookie] = process.argv.slice(2);
const folder = process.env.TEST_BROWSER_MODULES;
if (!address || !cookie || !folder) {
  console.error("needs an address, a cookie, and TEST_BROWSER_MODULES");
  process.exit(2);
}
const { chromium } = createRequire(`${folder}/package.json`)("playwright-core");
const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();

const TIMES = 40;
const MOST = 100;
// How long somebody looks at a conversation who only leafs through them, in milliseconds.
const LOOK = 500;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const [name, ...value] = cookie.split("=");
await context.addCookies([{ name, value: value.join("="), url: address }]);
const page = await context.newPage();
await page.goto(`${address}/queue/approval`);
await page.waitForSelector("#rows .row");
// From the key to the frame after the one in which the conversation was put on the screen.
await page.evaluate(() => {
  window.times = [];
  let pressed = 0;
  addEventListener("keydown", (event) => { if (event.key === "Enter") pressed = performance.now(); }, true);
  document.addEventListener("shown", () => requestAnimationFrame(() => requestAnimationFrame(() => {
    window.times.push(performance.now() - pressed);
  })));
});
for (let time = 1; time <= TIMES; time += 1) {
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForFunction((count) => window.times?.length === count, time, { timeout: 20_000 });
  await page.waitForTimeout(LOOK);
}
const times = (await page.evaluate(() => window.times)).sort((a, b) => a - b);
await browser.close();

const of = (percent) => times[Math.floor((times.length - 1) * percent / 100)];
const met = of(95) <= MOST;
console.log(`key to the next conversation on the screen: p50 ${of(50).toFixed(0)} ms, p95 ${of(95).toFixed(0)} ms (goal p95 ≤ ${MOST} ms) ${met ? "ok" : "MISSED"}`);
