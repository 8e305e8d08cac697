// How the chat stands, in words: whose move it is, whether people are there, how long it usually takes.

const at = (id) => document.getElementById(id);
const subtitle = at("chat-standing").textContent;

// Minutes in the words of a language, in the largest unit that fits.
function time(words, minutes) {
  const [value, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 1440 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  return new Intl.NumberFormat(words.lang, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

// How long a person usually takes; empty where that is not known.
function usually(words, wait) {
  if (!wait) return "";
  const [from, to] = [time(words, wait.from_minutes), time(words, wait.to_minutes)];
  return from === to ? words.within.replace("{time}", to) : words.between.replace("{from}", from).replace("{to}", to);
}

// A moment to come, by the clock of whoever reads; within a week the weekday is enough.
function moment(words, iso) {
  const at = new Date(iso);
  const isNear = at - Date.now() < 6 * 86400e3;
  const day = isNear ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(words.lang, { ...day, hour: "numeric", minute: "2-digit" }).format(at);
}

// What is said below the name of the business.
export function say(words, status) {
  if (status.with === "person") return show(words.with_person);
  if (status.with !== "waiting") return show(subtitle);
  if (status.opens_at) return show(`${words.waiting}. ${words.closed.replace("{time}", moment(words, status.opens_at))}`);
  const there = status.present === undefined ? "" : status.present ? words.present : words.away;
  show([`${words.waiting}.`, there, usually(words, status.wait)].filter(Boolean).join(" "));
}

function show(text) {
  if (at("chat-standing").textContent !== text) at("chat-standing").textContent = text;
}
