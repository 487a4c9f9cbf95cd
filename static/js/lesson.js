// Answers a practice question in place. Without this script the form leads to a page of its own.
"use strict";

for (const form of document.querySelectorAll("form[data-practice]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
      });
      if (!response.ok) throw new Error(String(response.status));
      form.querySelector("[data-feedback]").innerHTML = await response.text();
      button.disabled = false;
    } catch {
      form.submit();
    }
  });
}
