// A button that copies a text (of the kit, for Zalo). Without this script the text can be selected by hand.
"use strict";

for (const box of document.querySelectorAll("[data-copy]")) {
  const field = box.querySelector("textarea");
  const acts = box.querySelector("[data-acts]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--primary";
  button.textContent = box.dataset.copy;
  const told = document.createElement("span");
  told.className = "kit-text__told";
  told.setAttribute("role", "status");
  acts.prepend(button);
  acts.append(told);

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = box.dataset.copied;
    } catch {
      // No clipboard: the site is not on HTTPS, or the browser of a chat program forbids it.
      field.focus();
      field.select();
      told.textContent = box.dataset.failed;
    }
  });
}
