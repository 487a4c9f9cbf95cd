// A second of work instead of the little sum: a number whose hash begins with zeros.
const form = document.querySelector("[data-proof]");
const find = async (slip, bits) => {
  const coder = new TextEncoder();
  for (let number = 0; ; number += 1) {
    const hash = await crypto.subtle.digest("SHA-256", coder.encode(`${slip}.${number}`));
    if (new DataView(hash).getUint32(0) >>> (32 - bits) === 0) return number;
  }
};

if (form && window.crypto?.subtle) {
  const question = form.querySelector("[data-question]");
  question.hidden = true;
  find(form.dataset.proof, Number(form.dataset.bits)).then(
    (number) => { form.elements.proof.value = String(number); },
    () => { question.hidden = false; },
  );
  // Sent before the number was found: then the sum is asked after all.
  form.addEventListener("submit", (event) => {
    if (!form.elements.proof.value && question.hidden) {
      event.preventDefault();
      question.hidden = false;
      form.elements.answer.focus();
    }
  });
}
