// Files that an agent attaches: by the button, pasted, dropped; taken off again, kept, sent, and had by the customer.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { act, admin, ask, misses, open, openRow, press, reads, write } from "./support/people.mjs";
import { DRAFTS, expectComplaint, stage } from "./support/stage.mjs";

const here = stage(`${DRAFTS}[attachments]\nmax_bytes = 100000\nmax_per_message = 2\n[desk]\nundo_seconds = 5\n`);

const QUESTION = "How long do I have to return something?";
const text = (name, words) => ({ name, mimeType: "text/plain", buffer: Buffer.from(words) });
const names = (page) => page.locator("#attach li bdi").allTextContents();

// Gives the page a file as a person's hands do, by pasting or by dropping it.
const hand = (page, css, kind, name) => page.locator(css).evaluate((element, [kind, name]) => {
  const data = new DataTransfer();
  data.items.add(new File(["words"], name, { type: "text/plain" }));
  const carried = kind === "paste" ? { clipboardData: data } : { dataTransfer: data };
  const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
  element.dispatchEvent(new Kind(kind, { ...carried, bubbles: true, cancelable: true }));
}, [kind, name]);

test("a file is attached, taken off, attached again and sent, and the customer has it", async () => {
  const ada = await admin(here);
  const customer = await ask(here, QUESTION);
  await open(ada);
  await press(ada, "r");
  await ada.waitForSelector("#reply-text:focus");
  await ada.keyboard.press("Escape");
  const choosing = ada.waitForEvent("filechooser");
  await press(ada, "c");
  await (await choosing).setFiles(text("wrong.txt", "another customer's"));
  await reads(ada, "#attach-said", "wrong.txt is attached.");
  await isAccessible(ada, "a file in the composer");
  await ada.getByRole("button", { name: "Remove wrong.txt" }).press("Enter");
  await reads(ada, "#attach-said", "wrong.txt is removed.");
  assert.equal(await ada.evaluate("document.activeElement.id"), "attach-button");
  await ada.setInputFiles("#attach-file", text("label.txt", "Stick this on the parcel."));
  await reads(ada, "#attach-said", "label.txt is attached.");

  // A reply without words, taken back once.
  await ada.focus("#reply-text");
  await ada.keyboard.press("Control+Enter");
  await reads(ada, "#undo", "one file");
  await press(ada, "u");
  await reads(ada, "#composer [role=alert]", "Taken back");
  assert.deepEqual(await names(ada), ["label.txt"]);
  await ada.fill("#reply-text", "Your label.");
  await act(ada, "Control+Enter");
  await reads(ada, "#undo", "Your label.");

  await reads(customer, ".message.agent", "Your label.");
  await isAccessible(customer, "a file that came");
  const downloading = customer.waitForEvent("download");
  await customer.click(".message.agent .file");
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "label.txt");
  assert.equal(await readFile(await download.path(), "utf8"), "Stick this on the parcel.");
  await ada.goto("/queue/all");
  await open(ada);
  await reads(ada, "#thread .agent .files", "label.txt");
  assert.deepEqual(await names(ada), []);
});

test("files are pasted and dropped, go with a draft, and outlive the page", async () => {
  const ada = await admin(here);
  const id = await write(here, QUESTION);
  await openRow(ada, "approval", id);
  await ada.waitForSelector("#attach:not([hidden])", { state: "attached" });
  await hand(ada, "#draft-text", "paste", "pasted.txt");
  await reads(ada, "#attach-said", "pasted.txt is attached.");
  await hand(ada, "#thread", "drop", "dropped.txt");
  await reads(ada, "#attach-said", "dropped.txt is attached.");
  await hand(ada, "#thread", "drop", "third.txt");
  await reads(ada, "#attach-said", "At most 2 files");
  await isAccessible(ada, "two files beside a draft");

  // They follow from panel to panel, and to the page as it is opened anew.
  await press(ada, "r");
  await ada.waitForSelector(".panel-reply #attach li");
  await ada.goto("/queue/approval");
  await openRow(ada, "approval", id);
  await reads(ada, "#kept", "here again");
  assert.deepEqual(await names(ada), ["pasted.txt", "dropped.txt"]);
  await ada.click("#kept button");
  await misses(ada, "#kept");
  assert.deepEqual(await names(ada), []);
  await hand(ada, "#draft-text", "paste", "last.txt");
  await reads(ada, "#attach-said", "last.txt is attached.");
  await ada.keyboard.press("Escape");
  await act(ada, "a");
  await reads(ada, "#undo", "Sending in");
  await misses(ada, ".undo-one");
  await ada.goto(`/conversations/${id}`);
  await reads(ada, "#thread .agent .files", "last.txt");
});

test("what is not taken is refused in words, and the words stay", async () => {
  const ada = await admin(here);
  await openRow(ada, "approval", await write(here, QUESTION));
  await press(ada, "r");
  await ada.keyboard.type("See here.");
  await ada.setInputFiles("#attach-file", text("page.html", "<html>"));
  await reads(ada, "#attach-said", "page.html: Files of this kind are not taken.");
  expectComplaint(ada, /415/);
  await ada.setInputFiles("#attach-file", text("long.txt", "a".repeat(100_001)));
  await reads(ada, "#attach-said", "long.txt: larger than 97 KB");
  await isAccessible(ada, "a file that is refused");
  assert.deepEqual(await names(ada), []);
  assert.equal(await ada.inputValue("#reply-text"), "See here.");
});
