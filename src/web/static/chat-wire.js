// The line to the server: the visitor's token, requests, uploads and the stream of events.

const memory = new Map();

// Browsers may forbid storage in frames; then the chat lasts as long as its page.
export const storage = {
  get(key) {
    try { return localStorage.getItem(key) ?? memory.get(key) ?? null; } catch { return memory.get(key) ?? null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, value); } catch { memory.set(key, value); }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* Only memory holds it. */ }
    memory.delete(key);
  },
};

// What went wrong with a request: its status (0 without a connection) and how long to wait.
export class Trouble extends Error {
  constructor(status, detail, wait) {
    super(detail || `status ${status}`);
    this.status = status;
    this.detail = detail;
    this.wait = wait;
  }

  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const base = location.pathname.replace(/\/+$/, "");
const tokenKey = `sureply${base}.token`;

async function trouble(response) {
  const wait = Number(response.headers.get("retry-after")) || 0;
  let detail = "";
  try { detail = (await response.json()).detail; } catch { /* Not ours: a proxy's page. */ }
  return new Trouble(response.status, detail, wait);
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(base + path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble(0, "", 0);
  }
  if (!response.ok) throw await trouble(response);
  return response;
}

const json = (value) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

export const hasSession = () => storage.get(tokenKey) !== null;

export const forget = () => storage.remove(tokenKey);

async function begin(link) {
  const response = await ask("/session", json(link ? { continue: link } : {}));
  storage.set(tokenKey, (await response.json()).token);
}

// Begins a session unless there is one. Two tabs that begin at once take turns and share it.
export async function ensureSession() {
  const once = async () => { if (!hasSession()) await begin(); };
  if (navigator.locks) await navigator.locks.request(tokenKey, once);
  else await once();
}

export const continueWith = (link) => begin(link);

// A request in the visitor's name. A token that the server does not know is forgotten.
export async function request(path, options = {}) {
  const token = storage.get(tokenKey);
  if (token === null) throw new Trouble(401, "", 0);
  const headers = { ...options.headers, authorization: `Bearer ${token}` };
  try {
    return await ask(path, { ...options, headers });
  } catch (error) {
    if (error.status === 401 && storage.get(tokenKey) === token) forget();
    throw error;
  }
}

export const post = (path, value) => request(path, json(value));

// Uploads a file; `progress` is told the share that has gone out, 0 to 1.
export async function upload(file, progress, signal) {
  await ensureSession();
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", `${base}/attachments`);
    call.setRequestHeader("authorization", `Bearer ${storage.get(tokenKey)}`);
    call.responseType = "json";
    call.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    call.onload = () => {
      if (call.status === 201) resolve(call.response);
      else reject(new Trouble(call.status, call.response?.detail, Number(call.getResponseHeader("retry-after")) || 0));
    };
    call.onerror = () => reject(new Trouble(0, "", 0));
    signal.addEventListener("abort", () => { call.abort(); reject(new DOMException("", "AbortError")); });
    const form = new FormData();
    form.append("file", file);
    call.send(form);
  });
}

// Follows the chat for as long as there is a session: calls `on.message`, `on.status`, and
// `on.connected` with whether the line is up. Comes back by itself, later each time.
export function follow(cursor, on) {
  let last = cursor;
  let failures = 0;
  let current = null;
  let wake = () => {};
  const pause = (ms) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => { clearTimeout(timer); resolve(); };
  });

  const handle = (event) => {
    if (event.id) last = event.id;
    if (event.data && on[event.name]) on[event.name](JSON.parse(event.data));
  };

  async function read() {
    current = new AbortController();
    const headers = last ? { "last-event-id": last } : {};
    const response = await request("/events", { headers, signal: current.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    // The server gives a sign of life every 15 s; a line that is silent for longer is dead.
    let watch = setTimeout(() => current.abort(), 40000);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(() => current.abort(), 40000);
        failures = 0;
        on.connected(true);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.map(parse).forEach(handle);
      }
    } finally {
      clearTimeout(watch);
    }
  }

  async function run() {
    while (hasSession()) {
      let wait = 0;
      try {
        await read();
      } catch (error) {
        if (error.status === 401) return;
        wait = (error.wait || 0) * 1000;
      }
      failures += 1;
      if (failures > 1) on.connected(false);
      const backOff = Math.min(30000, 500 * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);
      await pause(Math.max(wait, backOff));
    }
  }

  const again = () => { failures = 0; wake(); };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  addEventListener("pagehide", () => current?.abort());
  return run();
}

function parse(block) {
  const event = { name: "message", id: "", data: "" };
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at <= 0) continue;
    const value = line.slice(at + 1).replace(/^ /, "");
    const field = line.slice(0, at);
    if (field === "event") event.name = value;
    else if (field === "id") event.id = value;
    else if (field === "data") event.data += value;
  }
  return event;
}
