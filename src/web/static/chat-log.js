// The messages on the page.

import * as wire from "./chat-wire.js";

const scroll = document.getElementById("chat-scroll");
const log = document.getElementById("chat-log");
const newer = document.getElementById("chat-newer");

const known = new Map();
let words;
let choose;
let judge;

export function start(theWords, onChoice, onVerdict) {
  words = theWords;
  choose = onChoice;
  judge = onVerdict;
  scroll.addEventListener("scroll", () => { if (isAtEnd()) newer.hidden = true; });
  newer.addEventListener("click", () => toEnd());
}

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const isAtEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;

export function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  newer.hidden = true;
}

// Takes every message off the page.
export function clear() {
  known.clear();
  log.replaceChildren();
  newer.hidden = true;
}

// Shows a message that the server has. Returns whether it is new here.
export function show(message) {
  if (known.has(message.id)) return false;
  const wasAtEnd = isAtEnd();
  const isTheirs = message.author === "customer";
  const waiting = message.client_id && find(message.client_id);
  const element = waiting || build(message);
  known.set(message.id, element);
  element.dataset.id = message.id;
  element.dataset.shown = message.shown;
  delete element.dataset.state;
  foot(element, message);
  log.insertBefore(element, log.querySelector(".message[data-state]"));
  if (isTheirs) closeChoices(element);
  group();
  if (wasAtEnd || isTheirs) toEnd();
  else newer.hidden = false;
  return !waiting;
}

// Shows a message that is on its way out.
export function showWaiting(entry) {
  if (find(entry.id)) return;
  const element = build({ author: "customer", text: entry.text, attachments: entry.files, client_id: entry.id });
  log.append(element);
  closeChoices(element);
  group();
  toEnd();
}

// Says how far a message on its way out is; `actions` are buttons beside it.
export function mark(id, state, text, actions = []) {
  const element = find(id);
  if (!element || element.dataset.id) return;
  element.dataset.state = state;
  const buttons = actions.map(([label, act]) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", act);
    return button;
  });
  element.querySelector(".foot").replaceChildren(make("span", { class: "state" }, text), ...buttons);
}

export function drop(id) {
  find(id)?.remove();
  group();
}

const find = (clientId) => log.querySelector(`.message[data-client-id="${CSS.escape(clientId)}"]`);

function build(message) {
  const isTheirs = message.author === "customer";
  const author = isTheirs ? words.you : message.author === "agent" ? words.team : words.automatic;
  const element = make("article", {
    class: `message ${isTheirs ? "theirs" : "ours"} ${message.author}`,
    "data-author": message.author,
  });
  if (message.client_id) element.dataset.clientId = message.client_id;
  const body = make("div", { class: "body", dir: "auto" });
  if (message.html !== undefined) fill(body, message.html);
  else body.textContent = message.text;
  element.append(make("p", { class: `author${isTheirs ? " unseen" : ""}` }, author));
  const bubble = make("div", { class: "bubble" });
  if (body.textContent.trim()) bubble.append(body);
  if (message.attachments?.length) bubble.append(files(message.attachments));
  const sources = (message.sources || []).filter((title) => !body.textContent.includes(title));
  for (const title of sources) bubble.append(make("p", { class: "source" }, `${words.source}: ${title}`));
  element.append(bubble);
  if (message.choices?.length) element.append(choices(message.choices));
  element.append(make("p", { class: "foot" }));
  return element;
}

// The server has made the HTML safe; links open beside the chat.
function fill(body, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const link of template.content.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  }
  // What is emphasised as a whole is said on the side: the source, the notice that it is automatic.
  for (const line of template.content.querySelectorAll("p")) {
    const isAside = [...line.childNodes].every((node) => ["EM", "BR"].includes(node.nodeName) || !node.textContent.trim());
    line.classList.toggle("aside", isAside);
  }
  body.append(template.content);
}

function choices(list) {
  const group = make("div", { class: "choices", role: "group", "aria-label": words.choices });
  for (const choice of list) {
    const button = make("button", { type: "button", class: "choice", dir: "auto" }, choice);
    button.addEventListener("click", () => choose(choice));
    group.append(button);
  }
  return group;
}

// A choice is open until the customer has answered it.
function closeChoices(after) {
  for (const group of log.querySelectorAll(".choices")) {
    const isBefore = group.compareDocumentPosition(after) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isBefore) group.remove();
  }
}

function files(list) {
  const items = list.map((file) => {
    const button = make("button", { type: "button", class: "file" }, make("bdi", {}, file.name), " ", make("small", {}, size(file.size)));
    button.addEventListener("click", () => download(file));
    return make("li", {}, button);
  });
  return make("ul", { class: "sent-files" }, ...items);
}

export function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, Math.round(bytes / 1e3)), "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(words.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

// Fetched with the visitor's token, which therefore stands in no address.
async function download(file) {
  const response = await wire.request(`/attachments/${encodeURIComponent(file.id)}`);
  const address = URL.createObjectURL(await response.blob());
  make("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function foot(element, message) {
  const at = new Date(message.sent_at);
  const isToday = at.toDateString() === new Date().toDateString();
  const style = isToday ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" };
  const time = make("time", { datetime: message.sent_at }, new Intl.DateTimeFormat(words.lang, style).format(at));
  const line = element.querySelector(".foot");
  line.replaceChildren(time);
  if (message.author === "customer") line.append(make("span", { class: "state" }, words.sent));
  if (message.author === "bot" && message.sources?.length) line.append(verdicts(message.id));
}

// A word on an automatic answer; it stays in place once said, so that the focus does too.
const saidKey = (id) => `sureply.verdict.${id}`;
const THUMBS = {
  helpful: "M7 11v9H4v-9zM7 11l4-8c1.7 0 2.6 1.2 2.2 2.9L12.5 9H18c1.3 0 2.2 1.2 1.9 2.4l-1.6 6.9c-.2 1-1.1 1.7-2.1 1.7H7",
  unhelpful: "M7 13V4H4v9zM7 13l4 8c1.7 0 2.6-1.2 2.2-2.9L12.5 15H18c1.3 0 2.2-1.2 1.9-2.4l-1.6-6.9c-.2-1-1.1-1.7-2.1-1.7H7",
};

function verdicts(id) {
  const buttons = Object.keys(THUMBS).map((verdict) => {
    const button = make("button", { type: "button", class: verdict, title: words[verdict], "aria-label": words[verdict] }, thumb(verdict));
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-pressed") === "true" || !await judge(id, verdict)) return;
      wire.storage.set(saidKey(id), verdict);
      show(verdict);
      button.scrollIntoView({ block: "nearest" });
    });
    return button;
  });
  const show = (said) => buttons.forEach((button) => button.setAttribute("aria-pressed", button.className === said));
  show(wire.storage.get(saidKey(id)));
  return make("span", { class: "verdicts" }, ...buttons);
}

function thumb(verdict) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", THUMBS[verdict]);
  picture.append(line);
  return picture;
}

// Consecutive messages of one author stand together.
function group() {
  let before = null;
  for (const element of log.children) {
    element.classList.toggle("follows", before === element.dataset.author);
    before = element.dataset.author;
  }
}
