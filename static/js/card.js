// The QR code of a card carries name and code behind the «#», where no server sees them.
const told = new URLSearchParams(location.hash.slice(1));
const form = document.querySelector("[data-card]");
if (form && told.get("ma")) {
  form.elements.name.value = told.get("ten") ?? "";
  form.elements.code.value = told.get("ma");
  history.replaceState(null, "", location.pathname);
}
