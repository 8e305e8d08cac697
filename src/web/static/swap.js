// From one conversation or queue to the next without loading a page: what comes next is fetched ahead, and the
// page's parts are swapped. Whatever cannot be done so is left to the browser, which does the same, slower.
"use strict";

{
  // How long a page that was fetched ahead may be shown, in milliseconds; news of a change ends it at once.
  const KEPT = 15_000;
  const ahead = new Map();

  const leads = (link) => link.origin === location.origin && !link.target && !link.hasAttribute("download") && /^\/(queue|conversations)\//.test(link.pathname);

  // Who looks ahead has not opened what they see: the server is told.
  async function load(address, headers = {}) {
    const answer = await fetch(address, { headers: { accept: "text/html", ...headers } });
    if (!answer.ok || new URL(answer.url).pathname !== new URL(address, location.href).pathname) throw new Error("not to be swapped");
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function look(link) {
    if (!link || !leads(link) || link.href === location.href) return;
    const known = ahead.get(link.href);
    if (known && performance.now() - known.at < KEPT) return;
    const page = load(link.href, { "x-looks-ahead": "1" });
    page.catch(() => ahead.delete(link.href));
    ahead.set(link.href, { page, at: performance.now() });
    for (const [address] of ahead) if (ahead.size > 6) ahead.delete(address);
  }

  function taken(address) {
    const known = ahead.get(address);
    ahead.delete(address);
    return known && performance.now() - known.at < KEPT ? known.page : null;
  }

  // Dialogs stay, since other scripts hold on to them.
  const parts = (body) => [...body.children].filter((part) => !part.matches("dialog, datalist, .skip"));

  // What a page's own scripts do is theirs to begin on `shown`, once they are here.
  function bring(page) {
    const here = new Set([...document.scripts].map((script) => script.getAttribute("src")));
    for (const { attributes: { src } } of page.head.querySelectorAll("script[src]")) {
      if (!here.has(src.value)) document.head.append(Object.assign(document.createElement("script"), { src: src.value }));
    }
  }

  function show(page) {
    bring(page);
    const list = document.querySelector(".pane.list")?.scrollTop;
    const before = document.querySelector("body > datalist");
    for (const part of parts(document.body)) part.remove();
    for (const part of parts(page.body)) before.before(part);
    document.body.className = page.body.className;
    document.title = page.title;
    const pane = document.querySelector("section.pane.list");
    if (pane && list) pane.scrollTop = list;
    document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
    document.getElementById("main")?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("shown"));
    shown = address();
    lookOn();
  }

  const address = () => location.pathname + location.search;
  let shown = address();
  let going = 0;

  async function go(address, push) {
    const turn = ++going;
    let page;
    try {
      page = (await taken(address)) ?? (await load(address));
    } catch {
      location.assign(address);
      return;
    }
    // A later click has overtaken this one.
    if (turn !== going) return;
    if (push) history.pushState(null, "", address);
    show(page);
  }

  // When nothing else is to be done, what is likely next is looked at.
  function lookOn() {
    const idle = window.requestIdleCallback ?? ((then) => setTimeout(then, 200));
    idle(() => {
      const rows = [...document.querySelectorAll("#rows .row")];
      const here = rows.findIndex((row) => row.matches("[aria-current], .chosen"));
      look(rows[here + 1]);
    }, { timeout: 1_000 });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || !leads(link) || link.hash || leavesWords()) return;
    event.preventDefault();
    go(link.href, true);
  });
  // A page is left as the browser leaves it where that may ask about words that are not sent.
  const leavesWords = () => document.getElementById("composer") && isInUse(document.getElementById("composer"));
  document.addEventListener("pointerover", (event) => look(event.target.closest?.("#rows .row")));
  document.addEventListener("focusin", (event) => look(event.target.closest?.("#rows .row")));
  document.addEventListener("news", () => ahead.clear());
  // A step to a place within the page is one for the browser.
  addEventListener("popstate", () => address() !== shown && go(location.href, false));
  lookOn();
}
