// Draws the paper anew a moment after something was typed. Without it the button does the same.
"use strict";

(function () {
  const box = document.querySelector("[data-paper]");
  if (!box) return;
  const form = box.closest("form");
  const sheet = box.querySelector("[data-paper-sheet]");
  const wrong = box.querySelector("[data-paper-wrong]");
  let waiting = 0;
  let asked = null;
  let shown = "";

  async function draw() {
    if (asked) asked.abort();
    asked = new AbortController();
    const mine = asked;
    const data = new FormData(form);
    data.set("preview", "1");
    sheet.classList.add("is-old");
    try {
      const reply = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "image/png" },
        signal: mine.signal,
      });
      if (reply.ok) {
        if (shown) URL.revokeObjectURL(shown);
        shown = URL.createObjectURL(await reply.blob());
        sheet.src = shown;
        sheet.hidden = false;
        sheet.classList.remove("is-old");
        wrong.textContent = "";
      } else if (reply.status === 422) {
        wrong.textContent = await reply.text();
      }
    } catch (error) {
      if (error.name !== "AbortError") sheet.classList.remove("is-old");
    }
  }

  function soon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(draw, 500);
  }

  form.addEventListener("input", (event) => {
    if (!event.isComposing) soon();
  });
  form.addEventListener("compositionend", soon);
  form.addEventListener("change", soon);
  box.querySelector("[data-paper-button]").addEventListener("click", (event) => {
    event.preventDefault();
    draw();
  });
})();
