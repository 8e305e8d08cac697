// Files that the visitor adds to a message: by the button, by pasting, by dropping them on the chat.

import { make } from "./chat-log.js";
import * as wire from "./chat-wire.js";

const at = (id) => document.getElementById(id);
const chat = at("chat");
const files = [];
let words;
let say;
let changed;

// `onChange` is called when files come, go or are stored.
export function start(theWords, onTrouble, onChange) {
  words = theWords;
  say = onTrouble;
  changed = onChange;
  at("chat-attach").addEventListener("click", () => at("chat-file").click());
  at("chat-file").addEventListener("change", (event) => { addAll(event.target.files); event.target.value = ""; });
  at("chat-text").addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) { event.preventDefault(); addAll(event.clipboardData.files); }
  });
  // The hint goes again when the files leave the chat, whichever element they leave it over.
  let depth = 0;
  const over = (by) => { depth = Math.max(0, depth + by); chat.classList.toggle("dropping", depth > 0); };
  const carries = (event) => event.dataTransfer.types.includes("Files");
  chat.addEventListener("dragenter", (event) => { if (carries(event)) over(1); });
  chat.addEventListener("dragleave", (event) => { if (carries(event)) over(-1); });
  chat.addEventListener("dragover", (event) => event.preventDefault());
  chat.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(0);
    addAll(event.dataTransfer.files);
  });
}

const addAll = (list) => [...list].forEach(add);

export const count = () => files.length;

export const areStored = () => files.every((file) => file.stored);

// Takes the stored files away, for a message.
export function take() {
  at("chat-files").replaceChildren();
  return files.splice(0).map((file) => file.stored);
}

async function add(file) {
  if (files.length >= Number(chat.dataset.maxFiles)) return say(words.file_many);
  if (file.size > Number(chat.dataset.maxBytes)) return say(words.file_large);
  const stop = new AbortController();
  const bar = make("progress", { max: "1", value: "0", "aria-label": file.name });
  const remove = make("button", { type: "button", class: "icon", "aria-label": `${words.remove}: ${file.name}` }, "×");
  const item = make("li", {}, make("bdi", {}, file.name), bar, remove);
  const entry = { stored: null };
  const takeBack = () => {
    stop.abort();
    item.remove();
    if (files.includes(entry)) files.splice(files.indexOf(entry), 1);
    changed();
  };
  remove.addEventListener("click", () => { takeBack(); at("chat-text").focus(); });
  files.push(entry);
  at("chat-files").append(item);
  changed();
  try {
    entry.stored = await wire.upload(file, (share) => { bar.value = share; }, stop.signal);
    item.dataset.state = "stored";
    changed();
  } catch (trouble) {
    if (trouble.name === "AbortError") return;
    takeBack();
    say({ 413: words.file_large, 415: words.file_kind, 429: words.too_fast }[trouble.status] || words.wrong);
  }
}
