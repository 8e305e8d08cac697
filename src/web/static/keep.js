// Words that are not sent yet outlive the page: a closed tab, a crash, a session that has ended. They lie in this
// browser only, under whose they are, and go when they are sent or their writer logs out.
"use strict";

{
  const PREFIX = "sureply-words:";
  const KEPT = 14 * 24 * 3600 * 1000;
  const FIELDS = "#draft-text, #reply-text, #note-text";

  const place = () => document.getElementById("presence");
  const key = (field) => `${PREFIX}${place().dataset.me}:${place().dataset.of}:${field.id}`;
  // Words on a draft belong to that draft only.
  const draftOf = (field) => field.form.querySelector("[name=draft]")?.value ?? "";

  // A browser may forbid storage; then words last as long as their page.
  function stored() {
    try {
      return Object.entries(localStorage).filter(([name]) => name.startsWith(PREFIX))
        .map(([name, value]) => [name, JSON.parse(value)]);
    } catch {
      return [];
    }
  }

  function put(name, value) {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch {
      // Nothing is kept, and nothing else is lost.
    }
  }

  function keep(field) {
    const isNew = field.value !== field.defaultValue && field.value.trim() !== "";
    put(key(field), isNew && { text: field.value, draft: draftOf(field), at: Date.now() });
  }

  // Words that were sent are done with, unless the server asked their sender to log in instead.
  function clear() {
    const wasAsked = document.referrer && new URL(document.referrer).pathname === "/login";
    for (const [name, value] of stored()) {
      if (value.sent && !wasAsked || Date.now() - value.at > KEPT) put(name, null);
      else if (value.sent) put(name, { ...value, sent: false });
    }
  }

  function restore() {
    if (!place()) return;
    const known = new Map(stored());
    for (const field of document.querySelectorAll(FIELDS)) {
      const kept = known.get(key(field));
      // What the server has kept is newer.
      if (!kept || kept.text === field.value || field.value !== field.defaultValue) continue;
      if (kept.draft !== draftOf(field) || document.querySelector("#composer .alert")) continue;
      field.value = kept.text;
      const panel = [...field.form.classList].find((name) => name.startsWith("panel-"));
      if (field.id !== "draft-text") document.getElementById(panel)?.click();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      document.getElementById("kept").hidden = false;
    }
  }

  document.addEventListener("input", (event) => event.target.matches(FIELDS) && keep(event.target));
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname === "/logout") return stored().forEach(([name]) => put(name, null));
    for (const field of event.target.querySelectorAll(FIELDS)) {
      put(key(field), { text: field.value, draft: draftOf(field), at: Date.now(), sent: true });
    }
  });
  document.addEventListener("shown", restore);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#kept button")) return;
    for (const field of document.querySelectorAll(FIELDS)) {
      field.value = field.defaultValue;
      put(key(field), null);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.getElementById("kept").hidden = true;
  });
  // What the server gave back, such as words taken back in time, is not sent yet either.
  function keepGivenBack() {
    if (!document.querySelector("#composer .alert")) return;
    for (const field of document.querySelectorAll(FIELDS)) {
      if (field.value.trim()) put(key(field), { text: field.value, draft: draftOf(field), at: Date.now() });
    }
  }

  clear();
  keepGivenBack();
  restore();
}
