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
// There while the session is somebody's who was logged in on the page.
const accountKey = `sureply${base}.account`;

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

export const isAccount = () => storage.get(accountKey) !== null;

function drop() {
  storage.remove(tokenKey);
  storage.remove(accountKey);
}

// What changes the session takes turns, in all tabs.
const inTurn = (act) => (navigator.locks ? navigator.locks.request(tokenKey, act) : act());

async function begin(link) {
  const response = await ask("/session", json(link ? { continue: link } : {}));
  storage.set(tokenKey, (await response.json()).token);
  storage.remove(accountKey);
}

// Begins a session unless there is one. Two tabs that begin at once share it.
export const ensureSession = () => inTurn(async () => { if (!hasSession()) await begin(); });

// Says who the visitor is, by a token of the page. Returns whether the chat is another one now.
export const identify = (jwt) => inTurn(async () => {
  const options = json({ token: jwt });
  const token = storage.get(tokenKey);
  if (token !== null) options.headers.authorization = `Bearer ${token}`;
  const { token: fresh } = await (await ask("/identify", options)).json();
  if (fresh !== null) storage.set(tokenKey, fresh);
  storage.set(accountKey, "yes");
  return fresh !== null;
});

// Ends the session, here and at the server.
export const forget = () => inTurn(async () => {
  const token = storage.get(tokenKey);
  drop();
  if (token === null) return;
  try {
    await ask("/forget", { ...json({}), headers: { authorization: `Bearer ${token}` } });
  } catch { /* Nobody has the token any more; it runs out by itself. */ }
});

// Calls back when another tab has changed the session.
export function onSession(changed) {
  addEventListener("storage", (event) => { if (event.key === tokenKey || event.key === null) changed(); });
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
    if (error.status === 401 && storage.get(tokenKey) === token) drop();
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

// A stream that has said nothing by then is held back on its way.
const FIRST_BYTE = 5000;
// The server gives a sign of life every 15 s; a line that is silent for longer is dead.
const SILENCE = 40000;
// For how long to ask instead before a stream is tried again; longer each time it is in vain.
const ASKING = [60000, 600000];

// Follows the chat for as long as there is a session: calls `on.message`, `on.status`, and
// `on.connected` with whether the line is up. Where no stream comes through, it asks for news instead.
// Comes back by itself, later each time. Returns a way to end it, and a promise of that end.
export function follow(cursor, on) {
  let last = cursor;
  let tag = null;
  let failures = 0;
  let inVain = 0;
  let asksUntil = 0;
  let asking = ASKING[0];
  let current = null;
  let stopped = false;
  let wake = () => {};
  const pause = (ms) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => { clearTimeout(timer); resolve(); };
  });
  // Breaks off what is under way unless it is told again in time.
  const guard = (ms) => {
    let timer = 0;
    const again = (ms) => { clearTimeout(timer); if (ms) timer = setTimeout(() => current.abort(), ms); };
    again(ms);
    return again;
  };
  const isUp = () => { failures = 0; on.connected(true); };

  const handle = (event) => {
    if (stopped) return;
    if (event.id) last = event.id;
    if (event.data && on[event.name]) on[event.name](JSON.parse(event.data));
  };

  // Returns whether anything came.
  async function stream() {
    current = new AbortController();
    const watch = guard(FIRST_BYTE);
    let came = false;
    try {
      const headers = last ? { "last-event-id": last } : {};
      const response = await request("/events", { headers, signal: current.signal });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return came;
        came = true;
        inVain = 0;
        asking = ASKING[0];
        tag = null;
        watch(SILENCE);
        isUp();
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.map(parse).forEach(handle);
      }
    } catch (error) {
      if (came || error.status === 401 || error.status === 429) throw error;
      return false;
    } finally {
      watch(0);
    }
  }

  async function ask() {
    current = new AbortController();
    const watch = guard(SILENCE);
    const query = new URLSearchParams({ wait: "25" });
    if (last) query.set("after", last);
    if (tag) query.set("status", tag);
    try {
      const page = await (await request(`/messages?${query}`, { signal: current.signal })).json();
      if (stopped) return;
      isUp();
      page.messages.forEach(on.message);
      if (page.tag !== tag) on.status(page.status);
      tag = page.tag;
      last = page.cursor ?? last;
    } finally {
      watch(0);
    }
  }

  async function run() {
    while (!stopped && hasSession()) {
      let wait = 0;
      try {
        if (performance.now() < asksUntil) {
          await ask();
          continue;
        }
        if (!await stream()) {
          inVain += 1;
          asksUntil = performance.now() + asking;
          asking = Math.min(asking * 2, ASKING[1]);
          if (inVain === 1) continue;
        }
      } catch (error) {
        if (error.status === 401) return;
        wait = (error.wait || 0) * 1000;
      }
      if (stopped) return;
      failures += 1;
      if (failures > 1) on.connected(false);
      const backOff = Math.min(30000, 500 * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);
      await pause(Math.max(wait, backOff));
    }
  }

  const again = () => { asksUntil = 0; seen(); };
  const seen = () => { if (!document.hidden) { failures = 0; wake(); } };
  const left = () => current?.abort();
  addEventListener("online", again);
  document.addEventListener("visibilitychange", seen);
  addEventListener("pagehide", left);
  const ended = run().finally(() => {
    removeEventListener("online", again);
    document.removeEventListener("visibilitychange", seen);
    removeEventListener("pagehide", left);
  });
  return { ended, stop() { stopped = true; current?.abort(); wake(); } };
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
