// A customer's phone: shows the thread as Meta knows it, and sends what is typed, chosen or attached.
"use strict";

const thread = document.getElementById("thread");
const state = document.getElementById("state");
const text = document.getElementById("text");
let shown = "";

function make(tag, words, className) {
  const it = document.createElement(tag);
  if (words) it.textContent = words;
  if (className) it.className = className;
  return it;
}

// WhatsApp's marks within a line: *bold*, _italic_, ~struck~, `code`.
function format(into, words) {
  const marks = { "*": "b", "_": "i", "~": "s", "`": "code" };
  for (const piece of words.split(/(```[^]*?```|\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|`[^`\n]+`)/)) {
    if (piece.startsWith("```")) into.append(make("code", piece.slice(3, -3).trim()));
    else if (piece.length > 2 && marks[piece[0]] && piece.endsWith(piece[0])) {
      const it = make(marks[piece[0]]);
      format(it, piece.slice(1, -1));
      into.append(it);
    } else into.append(piece);
  }
}

async function post(path, body, type = "application/json") {
  const answer = await fetch(path, { method: "POST", headers: { "content-type": type }, body });
  if (!answer.ok) state.textContent = `Not sent: ${await answer.text()}`;
  await look();
}

function file(bubble, kind, content) {
  const at = `/phone/file/${encodeURIComponent(content.id)}`;
  if (kind === "image") {
    const it = make("img");
    it.src = at;
    it.alt = content.caption || "Photo";
    bubble.append(it);
  } else if (kind === "audio" || kind === "video") {
    const it = make(kind);
    it.controls = true;
    it.src = at;
    bubble.append(it);
  } else {
    const it = make("a", content.filename || "Document");
    it.href = at;
    bubble.append(it);
  }
  if (content.caption) format(bubble, content.caption);
}

function choices(bubble, id, interactive) {
  const list = make("div", "", "choices");
  const rows = interactive.type === "list"
    ? interactive.action.sections.flatMap((it) => it.rows)
    : interactive.action.buttons.map((it) => it.reply);
  for (const row of rows) {
    const it = make("button", row.description ? `${row.title} – ${row.description}` : row.title);
    it.type = "button";
    it.addEventListener("click", () => post("/phone/choose", JSON.stringify({
      is_row: interactive.type === "list", id: row.id, title: row.title, message: id,
    })));
    list.append(it);
  }
  bubble.append(list);
}

// A template as the phone shows it; only its quick replies answer.
function template(bubble, id, content, shown) {
  if (!shown) return bubble.append(`[template ${content.name}]`);
  if (shown.header) bubble.append(make("b", shown.header), make("br"));
  if (shown.link) bubble.append(make("code", shown.link), make("br"));
  format(bubble, shown.body);
  if (shown.footer) bubble.append(make("br"), make("small", shown.footer));
  const list = make("div", "", "choices");
  for (const button of shown.buttons) {
    const it = make("button", button.text);
    it.type = "button";
    it.disabled = button.type !== "QUICK_REPLY";
    it.addEventListener("click", () => post("/phone/press", JSON.stringify({ text: button.text, message: id })));
    list.append(it);
  }
  bubble.append(list);
}

function draw({ id, is_mine, is_read, at, message }) {
  const bubble = make("li", "", is_mine ? "mine" : "");
  const kind = message.type;
  const content = message[kind] || {};
  if (kind === "text") format(bubble, content.body);
  else if (kind === "interactive" && content.body) {
    format(bubble, content.body.text);
    choices(bubble, id, content);
  } else if (kind === "interactive") bubble.append(content[content.type].title);
  else if (kind === "template") template(bubble, id, content, message.shown);
  else if (kind === "button") bubble.append(content.text);
  else file(bubble, kind, content);
  const foot = make("small", `${new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })} `);
  if (is_mine) {
    const ticks = make("span", "✓✓", is_read ? "read" : "");
    ticks.setAttribute("aria-label", is_read ? "read" : "delivered");
    ticks.setAttribute("role", "img");
    foot.append(ticks);
  }
  bubble.append(foot);
  return bubble;
}

async function look() {
  const answer = await fetch("/phone/thread");
  const told = await answer.json();
  const now = JSON.stringify(told.bubbles);
  state.textContent = told.is_typing ? "is typing…" : new Date(told.now).toLocaleString();
  if (now === shown) return;
  shown = now;
  thread.replaceChildren(...told.bubbles.map(draw));
  thread.lastElementChild?.scrollIntoView({ block: "end" });
}

document.getElementById("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  post("/phone/say", JSON.stringify({ text: words }));
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("write").requestSubmit();
  }
});
document.getElementById("file").addEventListener("change", (event) => {
  const [chosen] = event.target.files;
  event.target.value = "";
  if (chosen) post(`/phone/file?name=${encodeURIComponent(chosen.name)}`, chosen, chosen.type || "application/octet-stream");
});
document.getElementById("day").addEventListener("click", () => post("/phone/day", ""));

setInterval(() => look().catch(() => { state.textContent = "The demonstration has ended."; }), 700);
look();
