// Templates: the one that is chosen is opened at once, and its preview follows what is filled in.
"use strict";

document.addEventListener("change", (event) => {
  if (event.target.id === "template-choose" && event.target.value) event.target.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.name?.startsWith("value.") || !field.closest(".panel-template")) return;
  const name = field.name.slice("value.".length);
  for (const shown of field.form.querySelectorAll("[data-variable]")) {
    if (shown.dataset.variable !== name) continue;
    const value = field.value.trim();
    shown.dataset.empty ??= `{{${name.split(".").pop()}}}`;
    shown.textContent = value || shown.dataset.empty;
    shown.classList.toggle("hole", !value);
  }
});
