// That nothing was found only counts if something would have been found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin } from "./support/people.mjs";
import { DRAFTS, expectComplaint, stage } from "./support/stage.mjs";

const here = stage(DRAFTS);

const INLINE = "document.body.append(Object.assign(document.createElement('script'), { text: '1' }))";
const FAILING = "setTimeout(() => { throw new Error('on purpose') })";
const NAMELESS = "document.querySelector('main').append(document.createElement('button'))";

test("a broken policy, a failing script and a nameless button are noticed", async () => {
  const ada = await admin(here);
  const [told, failed] = [ada.waitForEvent("console"), ada.waitForEvent("pageerror")];
  await ada.evaluate(INLINE);
  await ada.evaluate(FAILING);
  await Promise.all([told, failed]);
  expectComplaint(ada, /Content Security Policy/);
  expectComplaint(ada, /on purpose/);
  await ada.evaluate(NAMELESS);
  await assert.rejects(isAccessible(ada, "a nameless button"), /button-name/);
});
