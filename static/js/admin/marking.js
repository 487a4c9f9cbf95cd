// Adds up the points while they are typed; without it the button does.
(() => {
  const form = document.querySelector("[data-marking]");
  if (!form) return;
  const fields = [...form.querySelectorAll("input[type=number]")];
  const total = form.querySelector("[data-total]");
  const show = () => {
    const typed = fields.filter((field) => field.value !== "");
    const sum = typed.reduce((all, field) => all + Number(field.value), 0);
    const number = new Intl.NumberFormat(document.documentElement.lang || "vi");
    total.textContent = typed.length ? number.format(sum) : "–";
  };
  fields.forEach((field) => field.addEventListener("input", show));
  form.querySelector("[data-total-button]").hidden = true;
  show();
})();
