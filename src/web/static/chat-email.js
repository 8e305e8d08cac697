// The address that a visitor may leave, so that the team knows where else to reach them.

import * as wire from "./chat-wire.js";

const at = (id) => document.getElementById(id);
const panel = at("chat-email");
const field = at("chat-email-field");
const way = at("chat-email-way");
let words;
let kept = "";

export function start(theWords, onTrouble) {
  words = theWords;
  way.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    way.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) { field.value = kept; field.focus(); }
  });
  field.addEventListener("input", () => problem(""));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); save(field.value, onTrouble); }
  });
  at("chat-email-save").addEventListener("click", () => save(field.value, onTrouble));
  at("chat-email-remove").addEventListener("click", () => save("", onTrouble));
}

// Shows which address the team sees.
export function show(email) {
  kept = email || "";
  at("chat-email-kept").textContent = kept ? words.email_kept.replace("{email}", kept) : words.email_hint;
  at("chat-email-remove").hidden = !kept;
}

function problem(text) {
  at("chat-email-problem").textContent = text;
  field.toggleAttribute("aria-invalid", Boolean(text));
}

async function save(email, onTrouble) {
  problem("");
  try {
    await wire.ensureSession();
    await wire.post("/email", { email });
  } catch (trouble) {
    if (trouble.status === 400) { problem(words.email_bad); field.focus(); return; }
    onTrouble(trouble);
    return;
  }
  show(email.trim());
  field.value = kept;
  panel.hidden = Boolean(kept);
  way.setAttribute("aria-expanded", String(!panel.hidden));
  if (kept) { way.focus(); onTrouble(null, words.email_kept.replace("{email}", kept)); }
}
