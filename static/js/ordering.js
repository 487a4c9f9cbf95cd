/* Buttons that move an item of an ordering question up and down. Moving gives every item its
   place; without this script the places are chosen from the lists. */
(function () {
  "use strict";

  const items = (list) => Array.from(list.querySelectorAll("[data-item]"));
  const field = (item) => item.querySelector("select");

  function ready(list) {
    list.querySelectorAll("[data-moves]").forEach((moves) => (moves.hidden = false));
    edges(list);
  }

  // At the ends a button says that it leads nowhere; it stays, so that the focus does too.
  function edges(list) {
    const all = items(list);
    all.forEach((item, place) => {
      item.querySelector("[data-move=up]").setAttribute("aria-disabled", String(place === 0));
      const last = String(place === all.length - 1);
      item.querySelector("[data-move=down]").setAttribute("aria-disabled", last);
    });
  }

  function move(list, item, way) {
    const next = way === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (!next) return;
    // The neighbour moves, so that the button pressed keeps the focus.
    list.insertBefore(next, way === "up" ? item.nextElementSibling : item);
    const all = items(list);
    all.forEach((one, place) => (field(one).value = String(place + 1)));
    edges(list);
    const status = list.parentElement.querySelector("[data-ranked-status]");
    status.textContent = list.dataset.moved
      .replace("{item}", item.querySelector("[data-text]").textContent)
      .replace("{n}", all.indexOf(item) + 1)
      .replace("{all}", all.length);
    field(item).dispatchEvent(new Event("change", { bubbles: true }));
  }

  // An answer that waited in the outbox is shown in its own order.
  function arrange(list) {
    const all = items(list);
    const places = new Set(all.map((item) => field(item).value));
    if (places.size < all.length || places.has("")) return;
    all.sort((a, b) => field(a).value - field(b).value).forEach((item) => list.append(item));
    edges(list);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("[data-item]");
    move(item.closest("[data-ranked]"), item, button.dataset.move);
  });
  document.addEventListener("answers-shown", () => {
    document.querySelectorAll("[data-ranked]").forEach(arrange);
  });
  document.querySelectorAll("[data-ranked]").forEach(ready);
})();
