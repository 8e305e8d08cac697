// How many conversations each kept search finds: asked for beside the page, so that no page waits for it.
"use strict";

{
  // At most so often, in milliseconds.
  const PAUSE = 5_000;
  // What was counted lately is told again as it was; after that long it is counted anew.
  const COUNTED = 11_000;
  let counts = {};
  let askedAt = -Infinity;
  let waiting;
  let settling;

  const places = () => [...document.querySelectorAll("[data-view]")];

  function show() {
    for (const place of places()) place.textContent = counts[place.dataset.view] ?? place.textContent;
  }

  async function ask() {
    if (!places().length || document.hidden) return;
    askedAt = performance.now();
    const answer = await fetch("/views/counts");
    if (answer.ok) counts = await answer.json();
    show();
    // Of many only a few are counted at once.
    if (places().some((place) => !(place.dataset.view in counts))) soon();
  }

  function soon() {
    show();
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => {}), Math.max(300, askedAt + PAUSE - performance.now()));
  }

  document.addEventListener("news", () => {
    soon();
    clearTimeout(settling);
    settling = setTimeout(() => ask().catch(() => {}), COUNTED);
  });
  document.addEventListener("shown", soon);
  soon();
}
