// The composer: words as the customer will see them, what differs from the draft, and the sources behind it.
"use strict";

{
  const PAUSE = 300;
  // What a form's pause is, and how often was asked for it.
  const pauses = new WeakMap();
  const asked = new WeakMap();

  // The server renders, so that nothing else is trusted; an answer that is overtaken is dropped.
  async function compare(form) {
    const mine = (asked.get(form) ?? 0) + 1;
    asked.set(form, mine);
    const answer = await fetch(form.dataset.compare, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const told = answer.ok && await answer.json();
    if (!told || mine !== asked.get(form) || !form.isConnected) return;
    const preview = form.querySelector(".preview");
    preview.innerHTML = told.html;
    const text = form.querySelector("textarea");
    if (text.id === "reply-text") preview.hidden = !looksOtherwise(text.value);
    const changed = form.querySelector(".changed");
    if (changed) {
      changed.querySelector(".changes").innerHTML = told.changes ?? "";
      changed.hidden = !told.changes || text.value === text.defaultValue;
    }
    // Words of one's own say nothing of the draft's facts.
    if (form.querySelector(".facts")) document.dispatchEvent(new CustomEvent("compared", { detail: told }));
  }

  // Plain words look as they are typed; a picture of them would only take room.
  const looksOtherwise = (text) => /[*_`#>[\]{}]|^\s*([-+]|\d+\.)\s/m.test(text);

  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-compare]");
    if (!form || !event.target.matches("textarea")) return;
    clearTimeout(pauses.get(form));
    pauses.set(form, setTimeout(() => compare(form).catch(() => {}), PAUSE));
  });

  // Words may have been typed, or put back, before this script and the others listened.
  for (const text of document.querySelectorAll("[data-compare] textarea")) {
    if (text.value !== text.defaultValue) text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // To a source and back

  let from;

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (!chip) return;
    event.preventDefault();
    from = chip.id;
    const source = document.getElementById(chip.hash.slice(1));
    source?.focus();
    source?.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest?.(".source")) return;
    (document.getElementById(from) ?? document.getElementById("draft-text"))?.focus();
  });
}
