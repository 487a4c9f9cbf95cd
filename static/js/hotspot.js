/* A place on a picture: pressing marks it at once, column and row follow, and the other way round.
   What is kept is the place in thousandths of the picture; saving is attempt.js's. */
(function () {
  "use strict";

  const WHOLE = 1000;
  const FIELDS = 10;

  function ready(box) {
    const stage = box.querySelector("[data-stage]");
    const point = box.querySelector("[data-point]");
    const at = box.querySelector("[data-at]");
    const column = box.querySelector("[data-column]");
    const row = box.querySelector("[data-row]");
    const told = box.querySelector("[data-told]");
    const size = stage.querySelector("svg").viewBox.baseVal;

    function draw() {
      const [x, y] = at.value.split(",").map(Number);
      point.toggleAttribute("hidden", !at.value);
      if (at.value) {
        point.setAttribute(
          "transform",
          "translate(" + (x * size.width) / WHOLE + " " + (y * size.height) / WHOLE + ")"
        );
      }
    }

    function tell() {
      told.textContent = at.value
        ? box.dataset.chosen.replace("{column}", column.value).replace("{row}", row.value)
        : "";
    }

    function choose(x, y) {
      at.value = x + "," + y;
      // The first entry of each list is «none».
      column.selectedIndex = Math.min(Math.floor((x * FIELDS) / WHOLE), FIELDS - 1) + 1;
      row.selectedIndex = Math.min(Math.floor((y * FIELDS) / WHOLE), FIELDS - 1) + 1;
      draw();
      tell();
    }

    const within = (part, all) =>
      Math.min(Math.max(Math.round((part / all) * WHOLE), 0), WHOLE);

    stage.querySelectorAll("input[type=image]").forEach((button) => {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        const box_ = button.getBoundingClientRect();
        choose(
          within(event.clientX - box_.left, box_.width),
          within(event.clientY - box_.top, box_.height)
        );
        at.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });

    // Before attempt.js, which listens further out, reads the fields.
    [column, row].forEach((list) => {
      list.addEventListener("change", () => {
        const middle = WHOLE / FIELDS / 2;
        at.value =
          column.value && row.value
            ? ((column.selectedIndex - 1) * WHOLE) / FIELDS + middle + "," +
              (((row.selectedIndex - 1) * WHOLE) / FIELDS + middle)
            : "";
        draw();
        tell();
      });
    });

    document.addEventListener("answers-shown", draw);
    box.classList.add("hotspot--live");
    draw();
  }

  document.querySelectorAll("[data-hotspot]").forEach((box) => {
    if (box.classList.contains("hotspot--live")) return;
    ready(box);
  });
})();
