/* Renews a progress bar while a worker is busy, and loads the page anew at the end.
   Without a script the page does so by itself every few seconds. */
(function () {
  "use strict";
  const root = document.querySelector("[data-progress]");
  if (!root) return;
  const bar = root.querySelector("progress");
  const text = root.querySelector("[data-progress-text]");
  let pause = 1000;

  async function look() {
    try {
      const response = await window.fetch(root.dataset.progress, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!response.ok) throw new Error(String(response.status));
      const told = await response.json();
      if (!told.running) {
        window.location.reload();
        return;
      }
      bar.value = told.percent;
      if (text.textContent !== told.text) text.textContent = told.text;
      pause = Math.min(pause + 250, 3000);
    } catch (error) {
      pause = 5000;
    }
    window.setTimeout(look, pause);
  }

  window.setTimeout(look, pause);
})();
