// What the desk adds to its plain pages: keys, live updates, and times in the viewer's zone.
"use strict";

document.documentElement.classList.add("scripted");

const byId = (id) => document.getElementById(id);
// What scripts say, and how dates look, in the page's language; English dates are the British ones.
const words = JSON.parse(document.documentElement.dataset.words);
const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const isWriting = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

// Times

const units = [[60, "minutes"], [3600, "hours"], [172800, "days", 86400], [1209600, "weeks", 604800], [6048000, "months", 2592000]];

// The server's time, whatever the viewer's clock says.
const ahead = new Date(document.documentElement.dataset.now) - Date.now();
const now = () => Date.now() + ahead;

function ago(seconds) {
  if (seconds < 60) return words.now;
  const [from, unit, size] = units.findLast(([from]) => seconds >= from);
  return words[unit].replace("{n}", Math.floor(seconds / (size ?? from)));
}

function showTimes() {
  const day = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const exact = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" });
  for (const time of document.querySelectorAll("time[data-ago], time[data-time]")) {
    const at = new Date(time.dateTime);
    time.title = exact.format(at);
    time.textContent = "time" in time.dataset ? clock.format(at) : ago((now() - at) / 1000);
  }
  for (const due of document.querySelectorAll("time[data-due]")) showDue(due, exact);
  showDays(day);
}

// Until when a customer must have an answer, or their channel takes one, or since when that is over.
function showDue(due, exact) {
  const kind = due.dataset.words ?? "due";
  const at = new Date(due.dateTime);
  const left = (at - now()) / 1000;
  due.title = words[`${kind}-by`].replace("{n}", exact.format(at));
  due.classList.toggle("late", left <= 0);
  due.classList.toggle("soon", left > 0 && now() >= new Date(due.dataset.due));
  if (Math.abs(left) < 60) due.textContent = words[`${kind}-now`];
  else due.textContent = words[`${kind}-${left > 0 ? "in" : "over"}`].replace("{n}", ago(Math.abs(left)));
}

// The server knows days in UTC only; the viewer's may begin elsewhere. Words about to be sent have none yet.
function showDays(day) {
  for (const old of document.querySelectorAll("#thread > .day")) old.remove();
  let last = "";
  for (const line of document.querySelectorAll("#thread > .line:not(.held)")) {
    const today = day.format(new Date(line.querySelector("time").dateTime));
    if (today === last) continue;
    const separator = document.createElement("li");
    separator.className = "day";
    separator.textContent = last = today;
    line.before(separator);
  }
}

// Keys

function choose(step) {
  const rows = [...document.querySelectorAll(".row")].filter((row) => row.offsetParent);
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row === document.activeElement || row.matches(".chosen"));
  const open = rows.findIndex((row) => row.ariaCurrent === "true");
  const from = here >= 0 ? here : open;
  const row = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
  for (const other of rows) other.classList.toggle("chosen", other === row);
  row.focus();
}

function press(key) {
  const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
  if (!target) return false;
  // A form that is out of sight must not be sent by a key; its panel is opened first.
  const panel = target.closest(".panel");
  if (panel && !panel.offsetParent) byId(panel.classList[1])?.click();
  target.click();
  byId(target.dataset.focus)?.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const element = event.target;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && element.form && isWriting(element)) {
    event.preventDefault();
    element.form.requestSubmit();
  } else if (event.key === "Escape" && isWriting(element)) {
    element.blur();
  } else if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) {
    return;
  } else if (isWriting(element) || element.isContentEditable || document.querySelector("dialog[open]")) {
    return;
  } else if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    choose(event.key === "j" ? 1 : -1);
  } else if (event.key === "x" && pickChosen()) {
    event.preventDefault();
  } else if (press(event.key)) {
    event.preventDefault();
  }
});

// A menu closes when its work is done elsewhere.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.snooze[open]")) {
    if (event.type === "keydown" || !menu.contains(event.target)) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(event));
document.addEventListener("click", closeMenus);

document.addEventListener("click", (event) => {
  if (event.target.closest("#help-button")) openHelp();
  if (event.target.closest("[data-facts]")) turnFacts();
  if (event.target.matches("[data-select]")) event.target.select();
});

// Choosing rows, to do something to many at once

const boxes = () => [...document.querySelectorAll(".pick-box input")];
let lastPicked;

function countPicked() {
  if (!byId("bulk")) return;
  const picked = boxes().filter((box) => box.checked).length;
  byId("bulk-count").textContent = words.chosen.replace("{n}", picked);
  byId("bulk-all").checked = picked === boxes().length;
  byId("bulk-all").parentElement.hidden = false;
}

// From the row that was chosen before to this one, all become as this one is.
function pick(box, isRange) {
  const all = boxes();
  const [from, to] = [all.findIndex(({ value }) => value === lastPicked), all.indexOf(box)];
  if (isRange && from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
  lastPicked = box.value;
  countPicked();
}

function pickChosen() {
  const box = document.querySelector(".row.chosen, .row:focus")?.parentElement.querySelector(".pick-box input");
  box?.click();
  return Boolean(box);
}

document.addEventListener("click", (event) => {
  if (event.target.matches(".pick-box input")) pick(event.target, event.shiftKey);
  if (event.target.id === "bulk-all") {
    for (const box of boxes()) box.checked = event.target.checked;
    countPicked();
  }
});

// Tags in use are offered once somebody writes one.
document.addEventListener("focusin", async (event) => {
  const known = byId("tags-known");
  if (!event.target.matches("[data-tags]") || known.childElementCount) return;
  const answer = await fetch("/tags").catch(() => null);
  if (!answer?.ok) return;
  known.replaceChildren(...(await answer.json()).map((tag) => Object.assign(document.createElement("option"), { value: tag })));
});

// The way out has the focus at the end of the sheet; it is read from its beginning.
function openHelp() {
  byId("help").showModal();
  byId("help").scrollTop = 0;
}

// A form is sent once, however often its key is pressed; and a second press meant for the last
// conversation does not act on the next one, which nobody has read yet.
let shownAt = performance.now();
const READING = 700;

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog" || event.target.method === "get") return;
  const acts = new URL(event.target.action).pathname.startsWith("/conversations/");
  const isOwnWords = event.target.querySelector("#reply-text, #note-text") || event.target.closest("#undo, #held, .panel-template");
  if (acts && !isOwnWords && performance.now() - shownAt < READING) return event.preventDefault();
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Mornings are the viewer's: the server does not know their zone.

function morning(which) {
  const at = new Date();
  const days = which === "monday" ? (8 - at.getDay()) % 7 || 7 : 1;
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at;
}

function nameMornings() {
  const format = new Intl.DateTimeFormat(lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  for (const button of document.querySelectorAll("[data-morning]")) {
    const at = morning(button.dataset.morning);
    button.value = at.toISOString();
    button.title = format.format(at);
  }
}

// What is about to be sent, and how long it may still be taken back

function countDown() {
  for (const held of document.querySelectorAll(".undo-one")) {
    const shown = held.querySelector("[data-left]");
    // The viewer's clock may be wrong; how many seconds are left is what the server says.
    held.dataset.end ??= performance.now() + Number(shown.textContent) * 1000;
    const left = Math.ceil((held.dataset.end - performance.now()) / 1000);
    if (left <= 0) held.remove();
    else shown.textContent = left;
  }
}
setInterval(countDown, 500);

// Whether an edit of the draft touches facts

function setFacts(value, touched) {
  const facts = byId("facts");
  facts.classList.toggle("touched", touched);
  facts.querySelector(`[value=${value}]`).checked = true;
}

function turnFacts() {
  const yes = byId("facts").querySelector("[value=yes]").checked;
  byId("facts").dataset.said = "yes";
  setFacts(yes ? "no" : "yes", !yes);
}

// What the server says of an edit; what the agent has said themselves stays.
document.addEventListener("compared", ({ detail }) => {
  if (byId("facts") && !byId("facts").dataset.said) setFacts(detail.facts_changed ? "yes" : "no", detail.facts_changed);
});

document.addEventListener("input", (event) => {
  if (event.target.name === "facts") byId("facts").dataset.said = "yes";
  if (event.target.id === "draft-text") byId("facts").classList.toggle("shown", event.target.value !== event.target.defaultValue);
});

// Live updates: on news the page is asked for again and its parts are swapped, except what is being written.

let refreshing;

function isInUse(composer) {
  const written = [...composer.querySelectorAll("textarea, #reason, #audit-reason")].some((text) => text.value !== text.defaultValue);
  return written || composer.querySelector("#attach li") || composer.contains(document.activeElement) && isWriting(document.activeElement);
}

function swapComposer(fresh) {
  const composer = byId("composer");
  const newer = fresh.getElementById("composer");
  if (!composer || !newer || composer.dataset.version === newer.dataset.version) return;
  if (isInUse(composer)) byId("fresh").hidden = false;
  else {
    composer.replaceWith(newer);
    document.dispatchEvent(new CustomEvent("composer"));
  }
}

// A page that answers a form has no address of its own to ask again.
const here = () => (/^\/conversations\/[^/]+\/./.test(location.pathname) ? byId("main").dataset.here ?? location.href : location.href);

// What can have the focus in a part; without an id it is known again by its place only.
const stops = (part) => [...part.querySelectorAll("a[href], button, summary, input, audio")];

// A voice note is not broken off; what is new around it is shown once it has been heard.
const isPlaying = (part) => [...part.querySelectorAll("audio")].some((audio) => !audio.paused);

// Each message has a fold of the same kind: where it stands tells them apart.
const fold = (details) => `${details.closest("[id]").id} ${details.className}`;

// Where a form was sent: the page that answers it may stand at an address that takes forms only, and what is new is
// then asked for where the menu leads.
const sentTo = sessionStorage.getItem("sent-to");
sessionStorage.removeItem("sent-to");
addEventListener("submit", ({ target, submitter }) => {
  // A button without an address of its own names the page's.
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : target.action;
  if (target.method === "post") sessionStorage.setItem("sent-to", address);
});
const source = () => (here() === sentTo ? document.querySelector(".menu [aria-current]")?.href ?? here() : here());

async function refresh() {
  const asked = shownAt;
  const answer = await fetch(source(), { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // What was asked for one page is not put into the next, which may be older than the news.
  if (asked !== shownAt) return refresh();
  const chosen = document.querySelector(".row.chosen")?.id;
  const focused = document.activeElement?.id;
  const picked = boxes().filter((box) => box.checked).map((box) => box.value);
  const opened = [...document.querySelectorAll("[data-live] details[open]")].map(fold);
  for (const part of document.querySelectorAll("[data-live]")) {
    const newer = fresh.getElementById(part.id);
    // What somebody writes in a part, or plays there, is left alone; what is new is shown at the next news.
    if (!newer || isPlaying(part) || part.contains(document.activeElement) && isWriting(document.activeElement)) continue;
    for (const field of part.querySelectorAll("input[id], select[id]")) {
      const same = newer.querySelector(`#${CSS.escape(field.id)}`);
      if (same && same.type !== "checkbox") same.value = field.value;
    }
    for (const details of newer.querySelectorAll("details")) details.open ||= opened.includes(fold(details));
    const stop = stops(part).indexOf(document.activeElement);
    part.replaceWith(newer);
    if (stop >= 0 && !focused) stops(newer)[stop]?.focus();
  }
  swapComposer(fresh);
  for (const box of boxes()) box.checked = picked.includes(box.value);
  countPicked();
  byId(chosen)?.classList.add("chosen");
  if (focused && document.activeElement === document.body) byId(focused)?.focus();
  dress();
}

function listen() {
  // What happened while the page was on its way is told first.
  const news = new EventSource(`/live?since=${encodeURIComponent(document.documentElement.dataset.now)}`);
  const soon = () => {
    document.dispatchEvent(new CustomEvent("news"));
    clearTimeout(refreshing);
    refreshing = setTimeout(() => refresh().catch(() => {}), 250);
  };
  news.addEventListener("change", soon);
  news.addEventListener("presence", (event) => {
    document.dispatchEvent(new CustomEvent("presence", { detail: JSON.parse(event.data) }));
  });
  document.addEventListener("pause", soon, true);
  // What happened while the line was down was not told.
  news.addEventListener("error", () => news.addEventListener("open", soon, { once: true }));
  addEventListener("pagehide", () => news.close(), { once: true });
}

function dress() {
  // A note that came in with a part of a page has looked for its sound outside of any page, in vain.
  for (const audio of document.querySelectorAll("audio")) if (audio.paused && audio.readyState === 0) audio.load();
  showTimes();
  nameMornings();
  for (const button of document.querySelectorAll("#help-button, [data-facts], [data-saved]")) button.hidden = false;
}

// A page is before the reader: loaded, or swapped for another.
function arrive() {
  shownAt = performance.now();
  dress();
  // On a phone the menu is wider than the screen.
  document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  byId("thread")?.querySelector(".audited")?.scrollIntoView({ block: "nearest" });
  // A page that answers a form is reloaded and found again by the address of what it shows.
  if (here() !== location.href) history.replaceState(history.state, "", here());
  const address = new URL(location.href);
  if (address.searchParams.has("done") || address.searchParams.has("bulk")) {
    address.searchParams.delete("done");
    address.searchParams.delete("bulk");
    history.replaceState(null, "", address);
  }
}
document.addEventListener("shown", arrive);
arrive();
setInterval(showTimes, 30000);
// Some changes are told by no news, such as a message that was read.
setInterval(() => document.hidden || refresh().catch(() => {}), 30000);
setInterval(() => document.querySelector("#progress progress") && refresh().catch(() => {}), 3000);
if (document.querySelector("[data-live]")) listen();
