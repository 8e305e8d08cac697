// Saved replies in the composer: a list that is searched as one types, opened by a key, or by a slash in the text.
"use strict";

{
  const PAUSE = 120;
  const SLASH = /(?:^|\s)\/([\p{L}\p{N}_-]{1,32})$/u;
  let offers = [];
  let chosen = 0;
  // Where the words go, and what they take the place of.
  let target = null;
  let waiting;
  let asked = 0;

  const byId = (id) => document.getElementById(id);
  const box = () => byId("saved");
  const search = () => byId("saved-text");
  const list = () => byId("saved-list");
  const isSearched = () => !search().hidden;

  async function ask(sought) {
    const mine = ++asked;
    const path = `${box().dataset.replies}?q=${encodeURIComponent(sought)}`;
    const answer = await fetch(path, { headers: { accept: "application/json" } });
    if (!answer.ok || mine !== asked || !target) return;
    offers = (await answer.json()).replies;
    chosen = 0;
    // A slash that begins no shortcut is a slash.
    if (!isSearched() && offers.length === 0) return close();
    show();
  }

  function show() {
    const { element } = target;
    list().replaceChildren(...offers.map((offer, place) => {
      const item = document.createElement("li");
      item.id = `saved-${place}`;
      item.role = "option";
      item.ariaSelected = String(place === chosen);
      const title = Object.assign(document.createElement("span"), { className: "saved-title", textContent: offer.title });
      title.dir = "auto";
      const words = Object.assign(document.createElement("span"), { className: "saved-words", textContent: offer.text });
      words.dir = "auto";
      item.append(title);
      if (offer.shortcut) item.append(Object.assign(document.createElement("kbd"), { textContent: `/${offer.shortcut}` }));
      item.append(words);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => insert(offer));
      return item;
    }));
    box().hidden = false;
    byId("saved-none").hidden = offers.length > 0;
    const field = isSearched() ? search() : element;
    if (offers.length) field.setAttribute("aria-activedescendant", `saved-${chosen}`);
    else field.removeAttribute("aria-activedescendant");
    list().children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  function insert(offer) {
    const { element, start, end } = target;
    close();
    element.focus();
    element.setRangeText(offer.text, start, end, "end");
    // What is still open is chosen, so that the next word fills it.
    const open = element.value.slice(start).match(/\{\{\s*[a-z][\w.]*\s*\}\}/i);
    if (open) element.setSelectionRange(start + open.index, start + open.index + open[0].length);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    target?.element.removeAttribute("aria-activedescendant");
    target = null;
    asked += 1;
    if (box()) box().hidden = true;
  }

  // The field in which one writes; a new reply where none is open.
  function field() {
    const composer = byId("composer");
    const open = [...composer.querySelectorAll("textarea")].find((text) => text.offsetParent);
    if (open) return open;
    byId("panel-reply").click();
    return byId("reply-text");
  }

  function open() {
    const element = field();
    element.closest("form").after(box());
    target = { element, start: element.selectionStart, end: element.selectionEnd };
    search().hidden = false;
    search().value = "";
    offers = [];
    show();
    search().focus();
    ask("").catch(() => {});
  }

  function typed(element) {
    const caret = element.selectionStart;
    const found = element.selectionEnd === caret && element.value.slice(0, caret).match(SLASH);
    if (!found) return isSearched() && !box().hidden ? undefined : close();
    element.closest("form").after(box());
    search().hidden = true;
    target = { element, start: caret - found[1].length - 1, end: caret };
    ask(found[1]).catch(() => {});
  }

  function steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && offers.length) {
      chosen = (chosen + step + offers.length) % offers.length;
      show();
    } else if (["Enter", "Tab"].includes(event.key) && offers[chosen] && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      insert(offers[chosen]);
    } else if (event.key === "Escape") {
      const { element } = target;
      close();
      element.focus();
    } else if (event.key !== "Enter" || !isSearched()) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  document.addEventListener("keydown", (event) => {
    if (target && !box().hidden && (event.target === search() || event.target === target.element)) steer(event);
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target === search()) {
      clearTimeout(waiting);
      waiting = setTimeout(() => ask(search().value).catch(() => {}), PAUSE);
    } else if (event.target.matches("#composer textarea")) {
      typed(event.target);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-saved]")) open();
    else if (target && !event.target.closest("#saved") && event.target !== target.element) close();
  });
}
