/* The reader's display choices (theme, text size, contrast) and the menus.
   Loaded before the body so that the choices stand at the first paint. The page
   works without it: menus are <details>, and the footer then names browser zoom. */
(function () {
  "use strict";
  const root = document.documentElement;
  const ALLOWED = { theme: ["light", "dark"], text: ["l", "xl"], contrast: ["more"] };

  // Storage may be closed by the browser's settings: then choices last for the page.
  function read(name) {
    try {
      return window.localStorage.getItem("display-" + name) || "";
    } catch (error) {
      return "";
    }
  }

  function write(name, value) {
    try {
      if (value) {
        window.localStorage.setItem("display-" + name, value);
      } else {
        window.localStorage.removeItem("display-" + name);
      }
    } catch (error) {
      /* The choice still holds on this page. */
    }
  }

  function apply(name, value) {
    if (ALLOWED[name].includes(value)) {
      root.dataset[name] = value;
    } else {
      delete root.dataset[name];
    }
  }

  root.dataset.js = "";
  Object.keys(ALLOWED).forEach((name) => apply(name, read(name)));

  function mark(buttons) {
    buttons.forEach((button) => {
      const chosen = (root.dataset[button.dataset.pref] || "") === button.dataset.value;
      button.setAttribute("aria-pressed", String(chosen));
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const buttons = Array.from(document.querySelectorAll("[data-pref]"));
    mark(buttons);
    buttons.forEach((button) =>
      button.addEventListener("click", () => {
        const { pref, value } = button.dataset;
        apply(pref, value);
        write(pref, value);
        mark(buttons);
      })
    );

    // An open menu closes on Escape (focus back to its button) and on a click elsewhere.
    const menus = Array.from(document.querySelectorAll("details[data-menu]"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menus.filter((menu) => menu.open).forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    });
    document.addEventListener("click", (event) => {
      menus.filter((menu) => menu.open && !menu.contains(event.target)).forEach((menu) => {
        menu.open = false;
      });
    });
  });
})();
