// Draws the region of a hot spot over the question's picture. The numbers in the field are what
// counts: they can be typed, and a region drawn writes them.
"use strict";

(function () {
  const WHOLE = 1000;
  const SVG = "http://www.w3.org/2000/svg";
  const clamp = (number, most) => Math.min(Math.max(Math.round(number), 0), most);

  function picture() {
    const chooser = document.querySelector("#id_picture-chooser");
    const image = chooser && !chooser.classList.contains("blank") && chooser.querySelector("img");
    return image ? image.getAttribute("src") : "";
  }

  function shapeOf(text, image) {
    const numbers = text.split(",").map(Number);
    if (numbers.some((number) => !Number.isFinite(number)) || ![3, 4].includes(numbers.length)) {
      return null;
    }
    const wide = image.naturalWidth || 1;
    const high = image.naturalHeight || 1;
    const shape = document.createElementNS(SVG, numbers.length === 3 ? "circle" : "rect");
    const values =
      numbers.length === 3
        ? { cx: (numbers[0] * wide) / WHOLE, cy: (numbers[1] * high) / WHOLE, r: (numbers[2] * wide) / WHOLE }
        : {
            x: (numbers[0] * wide) / WHOLE,
            y: (numbers[1] * high) / WHOLE,
            width: (numbers[2] * wide) / WHOLE,
            height: (numbers[3] * high) / WHOLE,
          };
    Object.entries(values).forEach(([name, value]) => shape.setAttribute(name, value));
    return shape;
  }

  function ready(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = "1";
    const box = document.createElement("div");
    box.className = "area";
    const stage = document.createElement("div");
    stage.className = "area__stage";
    const image = document.createElement("img");
    image.alt = input.dataset.label;
    image.draggable = false;
    const over = document.createElementNS(SVG, "svg");
    over.setAttribute("aria-hidden", "true");
    const help = document.createElement("p");
    help.className = "area__help";
    help.textContent = input.dataset.help;
    stage.append(image, over);
    box.append(stage, help);
    input.after(box);

    function draw() {
      const address = picture();
      box.hidden = !address;
      if (!address) return;
      if (image.getAttribute("src") !== address) image.src = address;
      over.setAttribute("viewBox", `0 0 ${image.naturalWidth || 1} ${image.naturalHeight || 1}`);
      const shape = shapeOf(input.value, image);
      over.replaceChildren(...(shape ? [shape] : []));
    }

    let from = null;
    const place = (event) => {
      const edge = image.getBoundingClientRect();
      return [
        clamp(((event.clientX - edge.left) / edge.width) * WHOLE, WHOLE),
        clamp(((event.clientY - edge.top) / edge.height) * WHOLE, WHOLE),
      ];
    };
    stage.addEventListener("pointerdown", (event) => {
      from = place(event);
      stage.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    stage.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = place(event);
      if (event.shiftKey) {
        const ratio = (image.naturalHeight || 1) / (image.naturalWidth || 1);
        const radius = Math.hypot(to[0] - from[0], (to[1] - from[1]) * ratio);
        input.value = [from[0], from[1], Math.max(clamp(radius, WHOLE), 1)].join(",");
      } else {
        input.value = [
          Math.min(from[0], to[0]),
          Math.min(from[1], to[1]),
          Math.max(Math.abs(to[0] - from[0]), 1),
          Math.max(Math.abs(to[1] - from[1]), 1),
        ].join(",");
      }
      draw();
    });
    stage.addEventListener("pointerup", () => {
      if (!from) return;
      from = null;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    image.addEventListener("load", draw);
    input.addEventListener("input", draw);
    document.addEventListener("change", draw);
    const chooser = document.querySelector("#id_picture-chooser");
    if (chooser) {
      new MutationObserver(draw).observe(chooser, {
        attributes: true,
        subtree: true,
        attributeFilter: ["class", "src"],
      });
    }
    draw();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const all = () => document.querySelectorAll("input[data-area]").forEach(ready);
    all();
    const options = document.querySelector("#id_options-FORMS");
    if (options) new MutationObserver(all).observe(options, { childList: true });
  });
})();
