// The chat page: wires what the visitor does to what the server says.

import * as log from "./chat-log.js";
import * as outbox from "./chat-outbox.js";
import * as wire from "./chat-wire.js";

const at = (id) => document.getElementById(id);
const chat = at("chat");
const words = JSON.parse(chat.dataset.words);
const text = at("chat-text");
const subtitle = at("chat-standing").textContent;
const draftKey = `sureply${location.pathname.replace(/\/+$/, "")}.draft`;

// The page that holds this one, if it may: only it is told anything, and only it is listened to.
const query = new URLSearchParams(location.search);
const claimed = query.get("origin");
const mayHold = [location.origin, ...JSON.parse(chat.dataset.parents)];
const parentOrigin = window.parent !== window && mayHold.includes(claimed) ? claimed : null;
let isOpen = parentOrigin === null;

function tellParent(kind, more = {}) {
  if (parentOrigin) window.parent.postMessage({ sureply: kind, ...more }, parentOrigin);
}

addEventListener("message", (event) => {
  if (!parentOrigin || event.origin !== parentOrigin || event.source !== window.parent) return;
  const kind = event.data && event.data.sureply;
  if (kind === "open") { isOpen = true; text.focus(); log.toEnd(); seen(); }
  else if (kind === "closed") isOpen = false;
});

// What was read and what was not.
let newest = 0;
let readUpTo = 0;
let unread = 0;
const title = document.title;

function tellUnread() {
  document.title = unread ? `(${unread}) ${title}` : title;
  tellParent("unread", { count: unread });
}

async function seen() {
  if (document.hidden || !isOpen) return;
  if (unread) { unread = 0; tellUnread(); }
  if (newest <= readUpTo) return;
  const before = readUpTo;
  readUpTo = newest;
  try {
    await wire.post("/read", { shown: newest });
  } catch {
    readUpTo = before;
  }
}
document.addEventListener("visibilitychange", seen);
addEventListener("focus", seen);

// What the server says.
let conversation = null;

function onMessage(message) {
  const [id] = message.cursor.split(".");
  if (conversation !== id) { conversation = id; newest = 0; readUpTo = 0; }
  const isNew = log.show(message);
  if (message.client_id) outbox.settle(message.client_id);
  if (message.author === "customer" || !isNew) return;
  newest = Math.max(newest, message.shown);
  if (document.hidden || !isOpen) { unread += 1; tellUnread(); }
  seen();
}

function onStatus(status) {
  const typing = at("chat-typing");
  if (typing.hidden === status.typing) {
    typing.hidden = !status.typing;
    if (status.typing) log.toEnd();
  }
  const says = { waiting: words.waiting, person: words.with_person };
  at("chat-standing").textContent = says[status.with] || subtitle;
  chat.dataset.with = status.with;
}

let notice = null;
function say(words, passes = true, isGood = false) {
  at("chat-notice").textContent = words;
  at("chat-notice").classList.toggle("good", isGood);
  clearTimeout(notice);
  if (words && passes) notice = setTimeout(() => say(""), 6000);
}

let following = false;
async function follow(cursor) {
  if (following || !wire.hasSession()) return;
  following = true;
  await wire.follow(cursor, {
    message: onMessage,
    status: onStatus,
    connected: (up) => {
      if (up && at("chat-notice").textContent === words.offline) say("");
      if (up) return;
      say(words.offline, false);
      at("chat-typing").hidden = true;
    },
  });
  following = false;
}

async function begin() {
  const link = query.get("continue");
  if (link) {
    query.delete("continue");
    const rest = query.size ? `?${query}` : "";
    history.replaceState(null, "", location.pathname + rest);
    try { await wire.continueWith(link); } catch { say(words.link_over); }
  }
  let cursor = null;
  if (wire.hasSession()) {
    try {
      const page = await (await wire.request("/messages")).json();
      const wasOpen = isOpen;
      isOpen = true;
      page.messages.forEach(onMessage);
      isOpen = wasOpen;
      onStatus(page.status);
      cursor = page.cursor;
      log.toEnd();
    } catch { /* The stream tries again, or the session is gone and a new one begins. */ }
  }
  follow(cursor);
  outbox.start(words, () => follow(null));
  tellParent("ready");
}

// What the visitor does.
const files = [];

function fit() {
  text.style.height = "auto";
  const borders = text.offsetHeight - text.clientHeight;
  text.style.height = `${Math.min(text.scrollHeight + borders, 160)}px`;
}

function ready() {
  const isWaiting = files.some((file) => !file.stored);
  at("chat-send").disabled = isWaiting || (!text.value.trim() && files.length === 0);
}

function send() {
  ready();
  if (at("chat-send").disabled) return;
  outbox.add(text.value.trim(), files.splice(0).map((file) => file.stored));
  at("chat-files").replaceChildren();
  text.value = "";
  wire.storage.remove(draftKey);
  fit();
  ready();
  text.focus();
}

at("chat-form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
text.addEventListener("input", () => { wire.storage.set(draftKey, text.value); fit(); ready(); });
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
at("chat-person").addEventListener("click", () => outbox.add(words.wish, []));

async function addFile(file) {
  if (files.length >= Number(chat.dataset.maxFiles)) return say(words.file_many);
  if (file.size > Number(chat.dataset.maxBytes)) return say(words.file_large);
  const stop = new AbortController();
  const bar = log.make("progress", { max: "1", value: "0" });
  const remove = log.make("button", { type: "button", class: "icon", "aria-label": `${words.remove}: ${file.name}` }, "×");
  const item = log.make("li", {}, log.make("span", {}, file.name), bar, remove);
  const entry = { stored: null };
  const takeBack = () => {
    stop.abort();
    item.remove();
    if (files.includes(entry)) files.splice(files.indexOf(entry), 1);
    ready();
  };
  remove.addEventListener("click", takeBack);
  files.push(entry);
  at("chat-files").append(item);
  ready();
  try {
    entry.stored = await wire.upload(file, (share) => { bar.value = share; }, stop.signal);
    item.dataset.state = "stored";
    ready();
  } catch (trouble) {
    if (trouble.name === "AbortError") return;
    takeBack();
    say({ 413: words.file_large, 415: words.file_kind, 429: words.too_fast }[trouble.status] || words.wrong);
  }
}

const addFiles = (list) => [...list].forEach(addFile);
at("chat-attach").addEventListener("click", () => at("chat-file").click());
at("chat-file").addEventListener("change", (event) => { addFiles(event.target.files); event.target.value = ""; });
text.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) { event.preventDefault(); addFiles(event.clipboardData.files); }
});
chat.addEventListener("dragover", (event) => event.preventDefault());
chat.addEventListener("drop", (event) => { event.preventDefault(); addFiles(event.dataTransfer.files); });

at("chat-link").addEventListener("click", async () => {
  const device = at("chat-device");
  if (!device.hidden) { device.hidden = true; return; }
  try {
    await wire.ensureSession();
    at("chat-device-url").value = (await (await wire.post("/link", {})).json()).url;
    at("chat-device-copy").textContent = words.copy;
    device.hidden = false;
    at("chat-device-url").select();
  } catch (trouble) {
    say(trouble.status === 429 ? words.too_fast : words.wrong);
  }
});
at("chat-device-copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(at("chat-device-url").value);
    at("chat-device-copy").textContent = words.copied;
  } catch {
    at("chat-device-url").select();
  }
});

at("chat-close")?.addEventListener("click", () => tellParent("close"));
addEventListener("keydown", (event) => { if (event.key === "Escape") tellParent("close"); });

text.value = wire.storage.get(draftKey) || "";
fit();
ready();
async function dislike(id) {
  try {
    await wire.post(`/messages/${encodeURIComponent(id)}/unhelpful`, {});
    say(words.noted, true, true);
    return true;
  } catch (trouble) {
    say(trouble.status === 429 ? words.too_fast : words.wrong);
    return false;
  }
}

log.start(words, (choice) => outbox.add(choice, []), dislike);
begin();
