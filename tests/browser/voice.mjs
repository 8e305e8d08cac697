// A voice note that an agent listens to while the customer goes on writing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, open, reads, say } from "./support/people.mjs";
import { DRAFTS, stage } from "./support/stage.mjs";
import { until, within } from "./support/until.mjs";

const here = stage(DRAFTS);

// Half a minute of silence, as a WAV file of 8,000 bytes a second.
function silence() {
  const sound = 30 * 8000;
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + sound, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(sound, 40);
  return Buffer.concat([head, Buffer.alloc(sound, 128)]);
}

test("news does not break a voice note off, and is shown once it has been heard", async () => {
  const customer = await here.open();
  await customer.goto("/chat/web");
  await customer.setInputFiles("#chat-file", { name: "note.wav", mimeType: "audio/wav", buffer: silence() });
  await customer.waitForSelector("#chat-files [data-state=stored]");
  await isAccessible(customer, "a file about to be sent");
  await say(customer, "Listen, please.");

  const ada = await admin(here);
  await ada.goto("/queue/all");
  await open(ada);
  const note = ada.locator("audio");
  await within("it starts to play", note.evaluate((audio) => audio.play()));
  await until("it plays", () => note.evaluate((audio) => audio.currentTime > 0));
  const counted = await ada.textContent("#rows");
  await say(customer, "Have you heard it?");
  await until("the list shows the new words", async () => (await ada.textContent("#rows")) !== counted);
  assert.equal(await note.evaluate((audio) => audio.paused), false, "the note was broken off");
  await isAccessible(ada, "a voice note");
  await note.evaluate((audio) => audio.pause());
  await reads(ada, "#thread .customer", "Have you heard it?");
});
