// The chat in the corner of a page: <script async src="https://…/chat/web/widget.js"></script>
// Optional attributes: data-lang="de", data-side="left", data-token="…" (a signed word on who the
// visitor is). The page may say more by Sureply.identify(token), .forget(), .open() and .close(), once
// the event "sureply" has been heard on its document. Works under a strict policy of the page that
// allows this server in script-src and frame-src.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.getElementById("sureply-widget")) return;
  const address = new URL(script.src);
  const home = address.origin;
  const words = {
    en: ["Open chat", "Close chat", "Chat"],
    ar: ["فتح المحادثة", "إغلاق المحادثة", "محادثة"],
    de: ["Chat öffnen", "Chat schließen", "Chat"],
    es: ["Abrir el chat", "Cerrar el chat", "Chat"],
    fr: ["Ouvrir la discussion", "Fermer la discussion", "Discussion"],
    it: ["Apri la chat", "Chiudi la chat", "Chat"],
    nl: ["Chat openen", "Chat sluiten", "Chat"],
    pt: ["Abrir a conversa", "Fechar a conversa", "Conversa"],
  };
  const told = script.dataset.lang || document.documentElement.lang;
  const lang = told || navigator.language || "en";
  const spoken = lang.slice(0, 2).toLowerCase();
  const [openWord, closeWord, title] = words[spoken] || words.en;
  // What is to be told about the visitor once the chat listens: a token, or that they are gone.
  let claim = script.dataset.token ? { sureply: "identify", token: script.dataset.token } : null;

  const page = new URL(address.pathname.replace(/\/widget\.js$/, ""), home);
  page.searchParams.set("embed", "1");
  page.searchParams.set("origin", location.origin);
  if (told) page.searchParams.set("lang", told);
  if (claim) page.searchParams.set("identify", "1");

  const style = `
    :host { all: initial; }
    .launcher, .panel { position: fixed; bottom: 20px; z-index: 2147483000; }
    .right { right: 20px; } .left { left: 20px; }
    .launcher {
      width: 60px; height: 60px; border: 0; border-radius: 50%; cursor: pointer; padding: 0;
      background: #17624a; color: #fff; box-shadow: 0 6px 20px rgb(0 0 0 / .28);
      transition: transform .15s;
    }
    .launcher:hover { transform: scale(1.05); }
    .launcher:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #17624a; }
    .launcher svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2;
      stroke-linecap: round; stroke-linejoin: round; vertical-align: middle; }
    .count { position: absolute; top: -2px; right: -2px; min-width: 22px; height: 22px;
      border-radius: 11px; background: #c22b2b; color: #fff; font: 600 13px/22px system-ui, sans-serif; }
    .count[hidden], .panel[hidden] { display: none; }
    .panel { bottom: 92px; width: 390px; height: min(640px, calc(100vh - 112px));
      border-radius: 16px; overflow: hidden; background: Canvas; box-shadow: 0 12px 48px rgb(0 0 0 / .3); }
    iframe { width: 100%; height: 100%; border: 0; display: block; color-scheme: normal; }
    @media (max-width: 480px) {
      .panel { inset: 0; width: 100%; height: 100%; border-radius: 0; }
      .open .launcher { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .launcher { transition: none; } }
    @media print { .launcher, .panel { display: none; } }`;

  const make = (name, attributes) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const side = script.dataset.side || (spoken === "ar" ? "left" : "right");
  const host = make("div", { id: "sureply-widget", lang: words[spoken] ? spoken : "en" });
  const root = host.attachShadow({ mode: "open" });
  // No style element and no style attribute: the page's policy need not allow them.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];

  const launcher = make("button", {
    type: "button", class: `launcher ${side === "left" ? "left" : "right"}`, "aria-expanded": "false", "aria-controls": "panel",
    "aria-label": openWord, title: openWord,
  });
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", "M4 5h16v11H10l-5 4v-4H4z");
  picture.append(line);
  const count = make("span", { class: "count", hidden: "" });
  launcher.append(picture, count);
  const panel = make("div", {
    id: "panel", class: `panel ${side === "left" ? "left" : "right"}`, role: "dialog", "aria-label": title, hidden: "",
  });
  const wrap = make("div", { class: "wrap" });
  wrap.append(panel, launcher);
  root.append(wrap);

  let frame = null;
  let isOpen = false;
  let isReady = false;
  // Remembered for the visit, so that an answer shows on the next page of the shop as well.
  const memory = "sureply.widget";
  const recall = () => {
    try { return sessionStorage.getItem(memory); } catch { return null; }
  };
  const remember = (value) => {
    try { sessionStorage.setItem(memory, value); } catch { /* The visit is not remembered. */ }
  };
  const post = (message) => {
    if (isReady) frame.contentWindow.postMessage(message, home);
  };
  const tell = (kind) => post({ sureply: kind });
  const say = () => {
    if (!isReady || !claim) return;
    post(claim);
    claim = null;
  };
  const load = () => {
    if (frame) return;
    frame = make("iframe", {
      src: page.href, title, allow: "clipboard-write",
      sandbox: "allow-scripts allow-forms allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox",
    });
    panel.append(frame);
  };
  const about = (message) => {
    claim = message;
    load();
    say();
  };
  const label = (word) => {
    launcher.setAttribute("aria-label", word);
    launcher.title = word;
  };
  const open = () => {
    load();
    isOpen = true;
    panel.hidden = false;
    wrap.classList.add("open");
    launcher.setAttribute("aria-expanded", "true");
    label(closeWord);
    count.hidden = true;
    remember("open");
    frame.focus();
    tell("open");
  };
  const close = () => {
    isOpen = false;
    panel.hidden = true;
    wrap.classList.remove("open");
    launcher.setAttribute("aria-expanded", "false");
    label(openWord);
    remember("closed");
    tell("closed");
    launcher.focus();
  };

  launcher.addEventListener("click", () => (isOpen ? close() : open()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) close();
  });
  window.addEventListener("message", (event) => {
    if (!frame || event.origin !== home || event.source !== frame.contentWindow) return;
    const kind = event.data && event.data.sureply;
    if (kind === "close" && isOpen) close();
    else if (kind === "ready") {
      isReady = true;
      say();
      tell(isOpen ? "open" : "closed");
    }
    else if (kind === "refused") {
      console.warn(`Sureply: the token was refused, so the chat is anonymous: ${event.data.reason}`);
    }
    else if (kind === "unread") {
      const unread = Number(event.data.count) || 0;
      count.hidden = isOpen || unread === 0;
      count.textContent = unread > 9 ? "9+" : String(unread);
      if (!isOpen) label(unread ? `${openWord} (${unread})` : openWord);
    }
  });

  const start = () => {
    document.body.append(host);
    const last = recall();
    if (last === "open" && innerWidth > 480) open();
    else if (last) load();
    // Whoever is logged in may have an answer waiting; the page itself comes first.
    else if (claim) (window.requestIdleCallback || setTimeout)(load);
    document.dispatchEvent(new CustomEvent("sureply"));
  };
  window.Sureply = {
    identify: (token) => about({ sureply: "identify", token: String(token) }),
    forget: () => about({ sureply: "forget" }),
    open: () => { if (!isOpen) open(); },
    close: () => { if (isOpen) close(); },
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
