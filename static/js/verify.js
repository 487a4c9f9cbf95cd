// The PDF is compared by its SHA-256 here in the browser. Without this script, or where the browser
// offers no hashing (a site without HTTPS), the form sends the file and the server compares.
"use strict";

for (const form of document.querySelectorAll("[data-file-check]")) {
  if (!window.crypto || !crypto.subtle) break;
  const field = form.querySelector("[type=file]");
  const told = form.querySelector(".file-check__told");
  const hashes = form.dataset.hashes.split(" ").filter(Boolean);
  let sha256 = "";

  const tell = (text, state) => {
    told.textContent = text;
    told.dataset.state = state;
  };

  const compare = async (file) => {
    if (file.size > Number(form.dataset.most)) return tell(form.dataset.tooBig, "bad");
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!form.querySelector("[name=ma]")) return ask();
    if (hashes.includes(sha256)) return tell(form.dataset.match, "ok");
    tell(form.dataset.noMatch + " ", "bad");
    const which = document.createElement("button");
    which.type = "button";
    which.className = "btn btn--small";
    which.textContent = form.dataset.which;
    which.addEventListener("click", ask);
    told.append(which);
  };

  // Only the fingerprint goes to the server, never the file.
  const ask = () => {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "sha256";
    hidden.value = sha256;
    form.append(hidden);
    field.disabled = true;
    HTMLFormElement.prototype.submit.call(form);
  };

  form.addEventListener("submit", (event) => {
    const wished = form.querySelector("[name=signature]");
    if ((wished && wished.checked) || !field.files.length) return;
    event.preventDefault();
    compare(field.files[0]);
  });
  field.addEventListener("change", () => {
    tell("", "");
    const wished = form.querySelector("[name=signature]");
    if (field.files.length && !(wished && wished.checked)) compare(field.files[0]);
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("file-check--over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("file-check--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("file-check--over");
    if (event.dataTransfer.files.length) compare(event.dataTransfer.files[0]);
  });
  // Going back shows the form as it was left: ready again.
  window.addEventListener("pageshow", () => {
    field.disabled = false;
    form.querySelectorAll("[name=sha256]").forEach((old) => old.remove());
  });
}
