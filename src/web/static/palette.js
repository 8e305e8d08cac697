// The palette: everything that the page offers, found by its name; what has no name is searched for.
"use strict";

{
  const palette = document.getElementById("palette");
  const text = document.getElementById("palette-text");
  const list = document.getElementById("palette-list");
  let offers = [];
  let chosen = 0;

  const nameOf = (element) => {
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll("kbd, .count, .unseen")) part.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  function gather() {
    const parts = document.querySelectorAll(".menu a, .acts > form > button, .acts summary, .tabs label, .send button, .undo-one:last-child button, .account button, .row");
    const seen = new Set();
    offers = [];
    for (const element of parts) {
      const row = element.matches(".row");
      const name = row ? `${nameOf(element.querySelector(".row-who"))}: ${nameOf(element.querySelector(".row-words"))}` : nameOf(element);
      if (!name || seen.has(name)) continue;
      seen.add(name);
      offers.push({ name, key: element.dataset.key, open: () => act(element) });
    }
  }

  function act(element) {
    // A form that is out of sight must not be sent unseen; its panel is opened first.
    const panel = element.closest(".panel");
    if (panel && !panel.offsetParent) document.getElementById(panel.classList[1])?.click();
    else element.click();
  }

  function fitting() {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = offers.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)));
    const sought = text.value.trim();
    if (sought) fits.push({ name: words.search.replace("{n}", () => sought), open: () => location.assign(`/search?q=${encodeURIComponent(sought)}`) });
    return fits.slice(0, 12);
  }

  function show() {
    const fits = fitting();
    chosen = Math.max(0, Math.min(chosen, fits.length - 1));
    list.replaceChildren(...fits.map(({ name, key, open }, place) => {
      const item = document.createElement("li");
      item.id = `palette-${place}`;
      item.role = "option";
      item.ariaSelected = String(place === chosen);
      item.textContent = name;
      if (key) item.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      item.addEventListener("click", (event) => {
        // Whoever closes menus on a click elsewhere is not to see this one.
        event.stopPropagation();
        run(open);
      });
      return item;
    }));
    if (fits.length) text.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else text.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    return fits;
  }

  function run(open) {
    palette.close();
    open();
  }

  text.addEventListener("input", () => {
    chosen = 0;
    show();
  });
  text.addEventListener("keydown", (event) => {
    const fits = fitting();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && fits.length) {
      event.preventDefault();
      chosen = (chosen + step + fits.length) % fits.length;
      show();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (fits[chosen]) run(fits[chosen].open);
    }
  });
  palette.addEventListener("click", (event) => event.target === palette && palette.close());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    gather();
    text.value = "";
    chosen = 0;
    palette.showModal();
    show();
  });
}
