// Who else is in a conversation: this page says what its reader does there, and shows what the others do.
"use strict";

{
  const LOOKING = 10_000;
  const WRITING = 3_000;
  let people = [];
  let saidAt = -Infinity;
  let said = "";

  const place = () => document.getElementById("presence");

  // Words in the composer that are not sent, or the caret in it, say that an answer is on its way.
  function isWritten() {
    const composer = document.getElementById("composer");
    if (!composer) return false;
    const focused = document.activeElement;
    return composer.contains(focused) && focused.matches("textarea")
      || [...composer.querySelectorAll("textarea")].some((text) => text.value !== text.defaultValue);
  }

  function show() {
    const line = place();
    if (!line) return;
    people = people.filter((one) => one.until > performance.now());
    const words = people.map(({ name, doing }) => {
      if (!name) return doing === "writing" ? line.dataset.customer : "";
      return line.dataset[doing === "writing" ? "writes" : "views"].replace("{name}", name);
    });
    const text = words.filter(Boolean).join(" ");
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("writes", people.some(({ name, doing }) => name && doing === "writing"));
  }

  function hear({ conversation, people: there }) {
    if (conversation !== place()?.dataset.of) return;
    people = there.map((one) => ({ ...one, until: performance.now() + one.seconds * 1000 }));
    show();
  }

  async function say() {
    const line = place();
    if (!line || document.hidden) return;
    const doing = isWritten() ? "writing" : "viewing";
    if (doing === said && performance.now() - saidAt < (doing === "writing" ? WRITING : LOOKING)) return;
    [said, saidAt] = [doing, performance.now()];
    const path = `/conversations/${line.dataset.of}/presence`;
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams({ doing }) });
    if (answer.ok) hear(await answer.json());
  }

  const sayQuietly = () => say().catch(() => {});
  document.addEventListener("presence", (event) => hear(event.detail));
  // Another conversation has taken the place of the one before.
  document.addEventListener("shown", () => {
    people = [];
    said = "";
    sayQuietly();
  });
  document.addEventListener("input", sayQuietly);
  document.addEventListener("focusin", sayQuietly);
  // Another conversation was swapped in.
  document.addEventListener("shown", () => { people = []; said = ""; show(); sayQuietly(); });
  setInterval(() => { show(); sayQuietly(); }, 1000);
  sayQuietly();
}
