// How soon the opened chat is there to be seen, measured in the browser.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openShop } from "./support/shop.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";

// From the click to the first words in the frame, in milliseconds.
const GOAL = 300;
const ROUNDS = 7;

const shop = await openShop();
const here = stage(`${DRAFTS}allowed_origins = ['${shop.origin}']\n`, ({ url }) => { shop.chat = `${url}/chat/web`; });
after(() => shop.close());

// One opening in a browser that has been there before, as a page of the shop after the first.
async function opening(customer) {
  await customer.goto(shop.origin);
  await customer.evaluate(() => sessionStorage.clear());
  await customer.reload();
  await customer.waitForSelector("#sureply-widget .launcher");
  const clicked = await customer.evaluate(() => {
    document.querySelector("#sureply-widget").shadowRoot.querySelector(".launcher").click();
    return performance.timeOrigin + performance.now();
  });
  const frame = await (await customer.waitForSelector("#sureply-widget iframe")).contentFrame();
  await frame.waitForSelector("#chat-text");
  const painted = await frame.evaluate(() => new Promise((resolve) => {
    const tell = (entry) => resolve(performance.timeOrigin + entry.startTime);
    new PerformanceObserver((list) => {
      const entry = list.getEntries().find(({ name }) => name === "first-contentful-paint");
      if (entry) tell(entry);
    }).observe({ type: "paint", buffered: true });
  }));
  return painted - clicked;
}

test("the opened chat is painted at once", async () => {
  const customer = await here.open();
  await opening(customer);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await opening(customer));
  times.sort((one, other) => one - other);
  const median = times[Math.floor(ROUNDS / 2)];
  console.log(`click to first paint of the chat: median ${Math.round(median)} ms of ${times.map(Math.round).join(", ")}`);
  assert.ok(median <= GOAL, `${median} ms`);
});
