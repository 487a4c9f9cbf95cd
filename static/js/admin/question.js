// Shows an editor what the kind of question she chose asks for, and leaves the rest aside.
"use strict";

(function () {
  const FIELDS = {
    right: "is_right",
    match: "match",
    gap: "gap",
    pinned: "pinned",
    points: "points",
    area: "area",
    picture: "picture",
    alt: "alt",
  };
  // What an option's picture shows is asked where it may have one.
  const SAME = { alt: "picture" };

  const WRAPPER = "[data-field-wrapper], .w-field__wrapper";

  function show(box, wanted) {
    if (box) box.hidden = !wanted;
  }

  // The largest box around a field that holds no other field: its label is in it.
  function boxOf(input) {
    let box = input.closest(WRAPPER);
    while (box && box.parentElement.querySelectorAll(WRAPPER).length === 1) box = box.parentElement;
    return box;
  }

  function follow(root, select) {
    const groups = Array.from(root.querySelectorAll("[data-kind]"));
    const chosen = groups.find((group) => group.dataset.kind === select.value);
    if (!chosen) return;
    root.classList.add("kind-settings--one");
    groups.forEach((group) => show(group, group === chosen));
    const known = chosen.dataset.fields.split(" ");
    for (const [field, name] of Object.entries(FIELDS)) {
      const wanted = known.includes(SAME[field] || field);
      const inputs = `[name^="options-"][name$="-${name}"], [name^="options-"][name$="-${name}_en"]`;
      document.querySelectorAll(inputs).forEach((input) => {
        show(boxOf(input), wanted);
      });
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const root = document.querySelector("[data-kind-settings]");
    const select = document.querySelector("select[name=kind]");
    if (!root || !select) return;
    follow(root, select);
    select.addEventListener("change", () => follow(root, select));
    // An option added later has its fields too.
    const options = document.querySelector("#id_options-FORMS");
    if (options) {
      new MutationObserver(() => follow(root, select)).observe(options, { childList: true });
    }
  });
})();
