// What the visitor has sent and the server has not confirmed yet; it outlives a reload. Each message
// keeps its id at every attempt, so that none arrives twice.

import * as log from "./chat-log.js";
import * as wire from "./chat-wire.js";

const key = `sureply${location.pathname.replace(/\/+$/, "")}.outbox`;
let words;
let confirmed;
let busy = false;
// Nothing leaves before it is known whose chat this is.
let isBegun = false;
const failed = new Set();

const read = () => JSON.parse(wire.storage.get(key) || "[]");
const write = (entries) => wire.storage.set(key, JSON.stringify(entries));

const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function start(theWords, onConfirmed) {
  words = theWords;
  confirmed = onConfirmed;
  addEventListener("online", retryAll);
}

// Shows and sends what waits, and from now on whatever is added.
export function goOn() {
  isBegun = true;
  for (const entry of read()) show(entry);
  retryAll();
}

function show(entry) {
  log.showWaiting(entry);
  log.mark(entry.id, "sending", words.sending);
}

// Forgets what waits: it was somebody else's.
export function clear() {
  write([]);
  failed.clear();
}

export function add(text, files) {
  const entry = { id: freshId(), text, files };
  write([...read(), entry]);
  show(entry);
  sendAll();
}

// The stream has brought a message of ours back: it is safely stored.
export function settle(id) {
  write(read().filter((entry) => entry.id !== id));
  failed.delete(id);
}

function retryAll() {
  failed.clear();
  sendAll();
}

async function sendAll() {
  if (busy || !isBegun) return;
  busy = true;
  try {
    for (let entry = next(); entry; entry = next()) await deliver(entry);
  } finally {
    busy = false;
  }
}

const next = () => read().find((entry) => !failed.has(entry.id));

async function deliver(entry) {
  log.mark(entry.id, "sending", words.sending);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await wire.ensureSession();
      await wire.post("/messages", { id: entry.id, text: entry.text, attachments: entry.files.map((file) => file.id) });
      settle(entry.id);
      log.mark(entry.id, "sent", words.sent);
      confirmed();
      return;
    } catch (trouble) {
      const isNew = trouble.status === 401 && attempt === 1;
      if (!isNew && (!trouble.passes || attempt >= 3)) return fail(entry, trouble);
      if (!isNew) await new Promise((resolve) => setTimeout(resolve, Math.max((trouble.wait || 0) * 1000, 700 * 2 ** attempt)));
    }
  }
}

function fail(entry, trouble) {
  failed.add(entry.id);
  const why = trouble.status === 429 ? words.too_fast : words.failed;
  const retry = () => { failed.delete(entry.id); sendAll(); };
  const remove = () => { settle(entry.id); log.drop(entry.id); };
  log.mark(entry.id, "failed", why, [[words.retry, retry], [words.remove, remove]]);
}
