// The chat page: wires what the visitor does to what the server says.

import * as email from "./chat-email.js";
import * as files from "./chat-files.js";
import * as log from "./chat-log.js";
import * as outbox from "./chat-outbox.js";
import * as standing from "./chat-standing.js";
import * as wire from "./chat-wire.js";

const at = (id) => document.getElementById(id);
const chat = at("chat");
const words = JSON.parse(chat.dataset.words);
const text = at("chat-text");
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
  else if (kind === "identify") identify(String(event.data.token));
  else if (kind === "forget") forget();
});

// What was read and what was not, by conversation: each has numbers of its own.
const newest = new Map();
const readUpTo = new Map();
let unread = 0;
const title = document.title;

function tellUnread() {
  document.title = unread ? `(${unread}) ${title}` : title;
  tellParent("unread", { count: unread });
}

async function seen() {
  if (document.hidden || !isOpen) return;
  if (unread) { unread = 0; tellUnread(); }
  for (const [conversation, shown] of newest) {
    const before = readUpTo.get(conversation) ?? 0;
    if (shown <= before) continue;
    readUpTo.set(conversation, shown);
    try {
      await wire.post("/read", { shown, conversation });
    } catch {
      readUpTo.set(conversation, before);
    }
  }
}
document.addEventListener("visibilitychange", seen);
addEventListener("focus", seen);

// What the server says.
function onMessage(message) {
  const isNew = log.show(message);
  if (message.client_id) outbox.settle(message.client_id);
  if (message.author === "customer" || !isNew) return;
  newest.set(message.conversation, Math.max(newest.get(message.conversation) ?? 0, message.shown));
  if (document.hidden || !isOpen) { unread += 1; tellUnread(); }
  seen();
}

function onStatus(status) {
  const typing = at("chat-typing");
  const isComing = Boolean(status.typing || status.writes);
  at("chat-typing-words").textContent = status.writes ? words.writes : words.typing;
  if (typing.hidden === isComing) {
    typing.hidden = !isComing;
    if (isComing) log.toEnd();
  }
  standing.say(words, status);
  email.show(status.email);
  chat.dataset.with = status.with;
}

let notice = null;
function say(words, passes = true, isGood = false) {
  at("chat-notice").textContent = words;
  at("chat-notice").classList.toggle("good", isGood);
  clearTimeout(notice);
  if (words && passes) notice = setTimeout(() => say(""), 6000);
}

let line = null;
function follow(cursor) {
  if (line || !wire.hasSession()) return;
  const mine = wire.follow(cursor, {
    message: onMessage,
    status: onStatus,
    connected: (up) => {
      if (up && at("chat-notice").textContent === words.offline) say("");
      if (up) return;
      say(words.offline, false);
      at("chat-typing").hidden = true;
    },
  });
  line = mine;
  mine.ended.then(() => { if (line === mine) line = null; });
}

// Reads the chat from its newest page on, and follows it.
async function load() {
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
}

// Somebody else's chat is shown from now on.
async function change() {
  line?.stop();
  line = null;
  log.clear();
  newest.clear();
  readUpTo.clear();
  if (unread) { unread = 0; tellUnread(); }
  onStatus({ typing: false, with: "bot" });
  await load();
  outbox.goOn();
}

// What the page around says of the visitor, one after the other.
let turn = Promise.resolve();
let isBegun = false;

function identify(token) {
  turn = turn.then(async () => {
    try {
      const isOther = await wire.identify(token);
      tellParent("identified");
      if (isOther && isBegun) await change();
    } catch (trouble) {
      tellParent("refused", { reason: trouble.detail || `status ${trouble.status}` });
      // Who was logged in before is not who is now.
      if (trouble.status === 403 && wire.isAccount()) await leave();
    }
  });
}

function forget() {
  turn = turn.then(leave);
}

async function leave() {
  outbox.clear();
  files.take();
  text.value = "";
  wire.storage.remove(draftKey);
  fit();
  ready();
  await wire.forget();
  tellParent("forgotten");
  if (isBegun) await change();
  else log.clear();
}

wire.onSession(() => { if (isBegun) turn = turn.then(change); });

// Whether the page around is about to say who the visitor is: their chat is shown then, and no other.
const isToldSoon = parentOrigin !== null && query.has("identify");
const TOLD_WITHIN = 4000;

async function begin() {
  const link = query.get("continue");
  if (link) {
    query.delete("continue");
    const rest = query.size ? `?${query}` : "";
    history.replaceState(null, "", location.pathname + rest);
    try { await wire.continueWith(link); } catch { say(words.link_over); }
  }
  tellParent("ready");
  if (isToldSoon) {
    const end = performance.now() + TOLD_WITHIN;
    const before = turn;
    while (turn === before && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    await turn;
  }
  isBegun = true;
  await load();
  outbox.goOn();
}

// What the visitor does.
function fit() {
  text.style.height = "auto";
  const borders = text.offsetHeight - text.clientHeight;
  text.style.height = `${Math.min(text.scrollHeight + borders, 160)}px`;
}

function ready() {
  at("chat-send").disabled = !files.areStored() || (!text.value.trim() && files.count() === 0);
}

function send() {
  ready();
  if (at("chat-send").disabled) return;
  outbox.add(text.value.trim(), files.take());
  text.value = "";
  wire.storage.remove(draftKey);
  fit();
  ready();
  text.focus();
}

at("chat-form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
// Said every few seconds at most; whether it arrives does not matter.
const SIGN_EVERY = 4000;
let signed = -SIGN_EVERY;

function sign() {
  if (!text.value.trim() || !wire.hasSession() || performance.now() < signed + SIGN_EVERY) return;
  signed = performance.now();
  wire.post("/typing", {}).catch(() => {});
}

text.addEventListener("input", () => { sign(); wire.storage.set(draftKey, text.value); fit(); ready(); });
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
at("chat-person").addEventListener("click", () => outbox.add(words.wish, []));

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

function trouble(trouble, good = "") {
  if (trouble === null) return say(good, true, true);
  return say(trouble.status === 429 ? words.too_fast : words.wrong);
}

async function judge(id, verdict) {
  try {
    await wire.post(`/messages/${encodeURIComponent(id)}/${verdict}`, {});
    say(verdict === "helpful" ? words.thanks : words.noted, true, true);
    return true;
  } catch (problem) {
    trouble(problem);
    return false;
  }
}

text.value = wire.storage.get(draftKey) || "";
files.start(words, say, ready);
email.start(words, trouble);
email.show("");
outbox.start(words, () => follow(null));
log.start(words, (choice) => outbox.add(choice, []), judge);
fit();
ready();
begin();
