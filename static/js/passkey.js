// Passkeys: ask the server what to ask, ask the device, send its answer with the form.
const form = document.querySelector("[data-passkey]");
const say = (what) => {
  for (const words of form.querySelectorAll("[data-passkey-says]")) {
    words.hidden = words.dataset.passkeySays !== what;
  }
};

const toBytes = (text) => {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (sign) => sign.charCodeAt(0)).buffer;
};
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

// What is bytes to the device travels as base64url.
const question = (told) => {
  const asked = { ...told.publicKey, challenge: toBytes(told.publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((key) => ({ ...key, id: toBytes(key.id) }));
  }
  return { publicKey: asked };
};
const answer = (key) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = toText(key.response[part]);
  }
  return {
    id: key.id,
    rawId: toText(key.rawId),
    type: key.type,
    response,
    clientExtensionResults: key.getClientExtensionResults(),
  };
};

const ask = async () => {
  const reply = await fetch(form.dataset.question, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
  const asked = question(await reply.json());
  return form.dataset.passkey === "new"
    ? navigator.credentials.create(asked)
    : navigator.credentials.get(asked);
};

if (window.PublicKeyCredential && window.isSecureContext) {
  form.querySelector("[data-passkey-go]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      form.elements.credential.value = JSON.stringify(answer(await ask()));
      form.submit();
    } catch {
      say("failed");
    }
  });
} else {
  say("none");
}
