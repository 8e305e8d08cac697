// Answers that go out by themselves: what the customer reads, and what agents say of them afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, ask, open, press, reads, say, write } from "./support/people.mjs";
import { stage } from "./support/stage.mjs";

const QUESTION = "When is the Bristol store open?";
const here = stage(`
[[inbox]]
name = 'web'
channel = 'webchat'
quiet_seconds = 1
[policy]
audit_share = 1.0
`, ({ program }) => program.answersByItself());

test("a documented question is answered at once, and the answer can be called unhelpful", async () => {
  const customer = await ask(here, QUESTION);
  for (const part of ["14 Cooper", `Source: ${QUESTION}`, "automatic answer"]) await reads(customer, ".message.bot", part);
  await isAccessible(customer, "an automatic answer");
  await customer.click(".unhelpful");
  await customer.waitForSelector(".unhelpful[aria-pressed=true]");
  await isAccessible(customer, "an answer that did not help");
});

test("answers under audit are judged by the keys 1, 2 and 3, one after the other", async () => {
  const ada = await admin(here);
  await ada.goto("/queue/audit");
  await write(here, QUESTION);
  await write(here, QUESTION);
  await reads(ada, "#queues", "Audit 3");
  await isAccessible(ada, "the audit queue");
  await press(ada, "j");
  await ada.keyboard.press("Enter");
  await reads(ada, ".panel-audit", "Was it right to send this answer?");
  await isAccessible(ada, "an answer under audit");
  for (const [key, words, left] of [["1", "right.", 2], ["2", "but for its wording.", 1], ["3", "wrong.", 0]]) {
    await act(ada, key);
    await reads(ada, "#notice", `Counted as ${key === "2" ? "right " : ""}${words}`);
    await reads(ada, "#queues", `Audit ${left}`);
  }
  await reads(ada, ".empty", "");
  assert.match(ada.url(), /queue\/audit/);
});

test("of an answer's excerpts those that were opened stay open when news comes", async () => {
  const customer = await ask(here, QUESTION);
  await customer.waitForSelector(".message.bot");
  await say(customer, QUESTION);
  await customer.waitForSelector(".message.bot ~ .message.bot");
  const ada = await admin(here);
  await ada.goto("/queue/all");
  await open(ada);
  await ada.locator(".rests summary").last().click();
  await isAccessible(ada, "an opened excerpt");
  await say(customer, "Thanks!");
  await reads(ada, "#thread .customer", "Thanks!");
  const opened = await ada.locator(".rests").evaluateAll((all) => all.map((details) => details.open));
  assert.deepEqual(opened, [false, true]);
});

test("trust shows the evidence", async () => {
  const ada = await admin(here);
  await ada.goto("/trust");
  await reads(ada, ".claim", "Answers by itself");
  await isAccessible(ada, "trust with evidence");
  await ada.locator("summary", { hasText: "All figures" }).first().click();
  await ada.waitForSelector(".figures[open] table");
  await isAccessible(ada, "the figures");
});
