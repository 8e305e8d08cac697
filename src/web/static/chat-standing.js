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

// What is said below the name of the business.
export function say(words, status) {
  if (status.with === "person") return show(words.with_person);
  if (status.with !== "waiting") return show(subtitle);
  const there = status.present === undefined ? "" : status.present ? words.present : words.away;
  show([`${words.waiting}.`, there, usually(words, status.wait)].filter(Boolean).join(" "));
}

function show(text) {
  if (at("chat-standing").textContent !== text) at("chat-standing").textContent = text;
}
