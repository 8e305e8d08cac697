// Files that go with what is sent: chosen by the button, pasted, or dropped on the conversation. Each is uploaded at
// once; the form then names it. What is not sent yet outlives the page, beside the words that are kept.
"use strict";

{
  const PREFIX = "sureply-words:";

  const bar = () => document.getElementById("attach");
  const list = () => bar().querySelector("ul");
  const items = () => [...list().children];
  const place = () => document.getElementById("presence").dataset;
  const key = () => `${PREFIX}${place().me}:${place().of}:files`;
  const said = (key, n) => words[`attach-${key}`].replace("{n}", n);

  function say(text, isBad = false) {
    const line = document.getElementById("attach-said");
    line.textContent = text;
    line.classList.toggle("refused", isBad);
    line.scrollIntoView({ block: "nearest" });
  }

  // Keeping

  function put(value) {
    try {
      if (value) localStorage.setItem(key(), JSON.stringify(value));
      else localStorage.removeItem(key());
    } catch {
      // Nothing is kept, and nothing else is lost.
    }
  }

  // What was sent is done with, unless the words beside it are found to be kept after all.
  function kept() {
    try {
      const value = JSON.parse(localStorage.getItem(key()));
      return value && !value.sent ? value.files : [];
    } catch {
      return [];
    }
  }

  const stored = () => items().filter((item) => item.dataset.id).map((item) => ({
    id: item.dataset.id,
    name: item.querySelector("bdi").textContent,
    about: item.querySelector(".muted").textContent,
  }));

  // What the form sends follows what is on the page.
  function count(sent = false) {
    const files = stored();
    bar().querySelector("[name=files]").value = files.map(({ id }) => id).join(",");
    document.getElementById("reply-text").required = files.length === 0;
    put(files.length > 0 && { files, at: Date.now(), sent });
  }

  // The bar stands in the form that is open, and its button beside the one that sends.
  function settle() {
    const open = document.getElementById("panel-draft")?.checked ? ".panel-draft" : ".panel-reply";
    const send = document.querySelector(`#composer ${open} .send`);
    if (send.previousElementSibling !== bar()) send.before(bar());
    send.querySelector(".primary").before(document.getElementById("attach-button"));
    bar().hidden = false;
  }

  function begin() {
    if (!bar()) return;
    settle();
    // What the server has kept is newer.
    const isAgain = document.querySelector("#composer .alert[role=alert]");
    if (isAgain && items().length === 0) return;
    if (items().length === 0) {
      for (const file of kept()) arrived(show(file.name), file);
      document.getElementById("kept").hidden &&= items().length === 0;
    }
    count();
  }

  // Adding and removing

  function show(name) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet" });
    const cross = Object.assign(document.createElement("span"), { textContent: "×", ariaHidden: "true" });
    button.ariaLabel = said("remove", name);
    button.append(cross);
    item.append(Object.assign(document.createElement("bdi"), { textContent: name }), button);
    list().append(item);
    return item;
  }

  function arrived(item, { id, name, about }) {
    item.querySelector("progress")?.remove();
    item.querySelector("bdi").textContent = name;
    item.querySelector("button").ariaLabel = said("remove", name);
    item.dataset.id = id;
    item.querySelector("button").before(Object.assign(document.createElement("span"), { className: "muted small", textContent: about }));
  }

  function send(file, bar, tell) {
    const call = new XMLHttpRequest();
    call.open("POST", bar.dataset.to);
    call.responseType = "json";
    call.upload.onprogress = ({ loaded, total }) => tell(loaded / (total || 1));
    const form = new FormData();
    form.append("file", file);
    const done = new Promise((resolve, reject) => {
      call.onload = () => (call.status === 201 ? resolve(call.response) : reject(call));
      call.onerror = () => reject(call);
      call.onabort = () => resolve(null);
    });
    call.send(form);
    return { call, done };
  }

  // Why a file is not attached, in words.
  function refusal({ status, response }) {
    if (status === 429) return said("often");
    return (status > 0 && status < 500 && response?.detail) || said("lost");
  }

  async function add(file) {
    const here = bar();
    if (items().length >= Number(here.dataset.most)) return say(said("many", here.dataset.most), true);
    if (file.size > Number(here.dataset.bytes)) return say(`${file.name}: ${said("large", here.dataset.large)}`, true);
    const item = show(file.name);
    const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: file.name });
    item.querySelector("button").before(progress);
    say(said("sending", file.name));
    const { call, done } = send(file, here, (share) => { progress.value = share; });
    item.stop = () => call.abort();
    try {
      const told = await done;
      if (!told || !item.isConnected) return;
      arrived(item, told);
      say(said("done", told.name));
    } catch (failed) {
      if (!item.isConnected) return;
      item.remove();
      say(`${file.name}: ${refusal(failed)}`, true);
    }
    count();
  }

  const addAll = (files) => [...files].forEach((file) => add(file));

  function remove(item) {
    const name = item.querySelector("bdi").textContent;
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.stop?.();
    item.remove();
    count();
    say(said("removed", name));
    (next?.querySelector("button") ?? document.getElementById("attach-button")).focus();
  }

  document.addEventListener("click", (event) => {
    if (!bar()) return;
    const button = event.target.closest("#attach li button");
    if (button) remove(button.parentElement);
    else if (event.target.closest("#attach-button")) document.getElementById("attach-file").click();
    else if (event.target.closest("#kept button")) {
      for (const item of items()) item.remove();
      count();
    }
  });

  document.addEventListener("change", (event) => {
    if (!bar()) return;
    if (event.target.name === "panel") settle();
    if (event.target.id !== "attach-file") return;
    addAll(event.target.files);
    event.target.value = "";
  });

  // Nothing is sent while a file of it is still on its way.
  document.addEventListener("submit", (event) => {
    if (!bar() || !event.target.contains(bar())) return;
    if (items().every((item) => item.dataset.id)) return count(true);
    event.preventDefault();
    event.stopPropagation();
    say(said("wait"), true);
  }, true);

  // Pasting and dropping

  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!bar() || !files?.length || !event.target.closest?.(".panel-draft, .panel-reply")) return;
    event.preventDefault();
    addAll(files);
  });

  const takes = (event) => bar() && event.dataTransfer?.types.includes("Files") && event.target.closest?.("#main");
  const mark = (isOver) => document.getElementById("composer")?.classList.toggle("dropping", isOver);

  document.addEventListener("dragover", (event) => {
    const isOver = Boolean(takes(event));
    mark(isOver);
    if (isOver) event.preventDefault();
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(false));
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!takes(event)) return;
    event.preventDefault();
    if (!bar().offsetParent) document.getElementById("panel-reply").click();
    addAll(event.dataTransfer.files);
  });

  document.addEventListener("shown", begin);
  document.addEventListener("composer", begin);
  begin();
}
