/* Sitting a quiz. Each choice goes to the server at once; until the server has said so, it
   stays in an outbox on this device, which is sent again after a lost connection, a closed tab
   or a new log-in. Without this script the same pages work by ordinary form posts. */
(function () {
  "use strict";

  const root = document.querySelector("[data-attempt]");
  if (!root) return;
  const texts = root.querySelector("[data-texts]").dataset;
  const savedLine = root.querySelector("[data-saved]");
  const notice = root.querySelector("[data-notice]");
  const noticeLink = root.querySelector("[data-notice-link]");
  // One question, or all of them on one page: each knows its position and its fields' name.
  const questions = Array.from(root.querySelectorAll("[data-question]"));
  const form = root.querySelector("form[data-question], form[data-questions]");
  const handIn = root.querySelector("[data-hand-in]");
  const total = root.dataset.total || "";

  const SEND_SECONDS = 15; // then the connection counts as lost
  const LEAVE_SECONDS = 3; // how long a link waits for the outbox
  const RETRY_FIRST = 1; // seconds until the next try; doubled up to RETRY_LAST
  const RETRY_LAST = 30;

  /* ---------- outbox ---------- */

  const KEY = "attempt:" + root.dataset.attempt;
  const memory = {};

  // Storage may be closed by the browser's settings: then the outbox lasts for the page.
  function load(key) {
    try {
      return JSON.parse(window.localStorage.getItem(key) || "null") || memory[key] || null;
    } catch (error) {
      return memory[key] || null;
    }
  }

  function store(key, value) {
    memory[key] = value;
    try {
      if (value === null) {
        window.localStorage.removeItem(key);
      } else {
        window.localStorage.setItem(key, JSON.stringify(value));
      }
    } catch (error) {
      /* Kept in memory above. */
    }
  }

  const outbox = () => load(KEY) || {};
  const isEmpty = () => Object.keys(outbox()).length === 0;

  function put(position, value) {
    const all = outbox();
    all[position] = { value: value, sequence: nextSequence() };
    store(KEY, all);
  }

  // Name and value of each field. An outbox of before this script had names holds option keys.
  const pairs = (entry) =>
    entry.value.map((one) => (Array.isArray(one) ? one : ["answer", one]));

  // Only what was acknowledged goes: a newer choice made meanwhile has a higher sequence.
  function drop(position, sequence) {
    const all = outbox();
    if (all[position] && all[position].sequence === sequence) delete all[position];
    store(KEY, Object.keys(all).length ? all : null);
  }

  function clientId() {
    let id = load("attempt-client");
    if (!id) {
      const bytes = window.crypto.getRandomValues(new Uint8Array(16));
      id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      store("attempt-client", id);
    }
    return id;
  }

  // Rises in this browser, across its tabs and restarts, even if the clock is set back.
  function nextSequence() {
    const next = Math.max(Date.now(), (load("attempt-sequence") || 0) + 1);
    store("attempt-sequence", next);
    return next;
  }

  /* ---------- what the page says ---------- */

  function say(text, icon, state) {
    if (!savedLine) return;
    savedLine.className = "saved" + (state ? " saved--" + state : "");
    const shape = root.querySelector('template[data-icon="' + icon + '"]');
    savedLine.replaceChildren(shape ? shape.content.cloneNode(true) : "", text);
  }

  function warn(text, url, label) {
    notice.hidden = !text;
    notice.querySelector("[data-notice-text]").textContent = text || "";
    noticeLink.hidden = !url;
    if (url) {
      noticeLink.href = url;
      noticeLink.textContent = label;
    }
  }

  function markPlace(position, answered, count) {
    const place = root.querySelector('[data-place="' + position + '"]');
    if (place) {
      place.classList.toggle("qnav__i--done", answered);
      place.setAttribute(
        "aria-label",
        (answered ? texts.done : texts.open).replace("{n}", position)
      );
    }
    const line = root.querySelector("[data-answered-line]");
    if (line) line.textContent = texts.count.replace("{answered}", count).replace("{total}", total);
  }

  /* ---------- sending ---------- */

  function csrfToken() {
    const found = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
    if (found) return decodeURIComponent(found[1]);
    const field = root.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  async function send(position, entry) {
    const body = new URLSearchParams({ client: clientId(), sequence: String(entry.sequence) });
    pairs(entry).forEach(([name, value]) => body.append(name, value));
    const stop = new AbortController();
    const timer = window.setTimeout(() => stop.abort(), SEND_SECONDS * 1000);
    let response;
    try {
      response = await window.fetch(root.dataset.saveUrl.replace("/0/", "/" + position + "/"), {
        method: "POST",
        body: body,
        credentials: "same-origin",
        redirect: "error",
        keepalive: true, // survives leaving the page
        signal: stop.signal,
        headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      });
    } catch (error) {
      return "offline";
    } finally {
      window.clearTimeout(timer);
    }
    let reply = {};
    try {
      reply = await response.json();
    } catch (error) {
      if (response.ok) return "offline"; // not our server's answer (a portal of the network)
    }
    if (response.ok && leaving) return "left";
    if (response.ok) {
      drop(position, entry.sequence);
      say(reply.saved_label, "check", "");
      markPlace(position, entry.value.length > 0, reply.answered);
      return "ok";
    }
    if (response.status === 401) {
      warn(reply.error, reply.url, texts.login);
      return "login";
    }
    if (response.status === 403) {
      // The form's token went with the cookies: loading the page anew leads over the log-in.
      warn(texts.session, window.location.href, texts.login);
      return "login";
    }
    if ([400, 404, 409].includes(response.status)) {
      // Sending it again would not help: say so, and let go of it.
      drop(position, entry.sequence);
      say("", "check", "");
      warn(reply.error || texts.offline, reply.url, texts.continue);
      return "refused";
    }
    return "offline";
  }

  // The page is being left, or read again. The next one may be made before the server has what is
  // on its way: so the outbox keeps it, and the next page shows it and sends it once more.
  let leaving = false;
  window.addEventListener("beforeunload", () => {
    leaving = true;
    window.setTimeout(() => {
      leaving = false; // she stayed
      if (!isEmpty()) flush();
    }, LEAVE_SECONDS * 1000);
  });

  let running = null;
  let retryTimer = 0;
  let retrySeconds = RETRY_FIRST;

  async function sendAll() {
    let state = "ok";
    for (;;) {
      const entry = Object.entries(outbox())[0];
      if (!entry) break;
      if (navigator.onLine !== false) say(texts.saving, "clock", "wait");
      const outcome = await send(entry[0], entry[1]);
      if (outcome === "offline" || outcome === "login" || outcome === "left") {
        state = outcome;
        break;
      }
      if (outcome === "refused") state = outcome;
    }
    window.clearTimeout(retryTimer);
    if (state === "login") say("", "check", "");
    if (state === "offline") {
      say(texts.kept, "offline", "off");
      retryTimer = window.setTimeout(flush, retrySeconds * 1000);
      retrySeconds = Math.min(retrySeconds * 2, RETRY_LAST);
    } else {
      retrySeconds = RETRY_FIRST;
      if (state === "ok") warn("");
    }
    return state;
  }

  // One sending at a time, so that answers arrive in the order they were given.
  function flush() {
    if (!running) {
      running = sendAll().finally(() => {
        running = null;
      });
    }
    return running;
  }

  // A choice made while a sending runs is taken along by it or by the one after it.
  async function settle() {
    let state = await flush();
    if (state === "ok" && !isEmpty()) state = await flush();
    return state;
  }

  function within(seconds, promise) {
    const late = new Promise((resolve) => window.setTimeout(resolve, seconds * 1000, "offline"));
    return Promise.race([promise, late]);
  }

  window.addEventListener("online", () => {
    retrySeconds = RETRY_FIRST;
    if (!isEmpty()) flush();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !isEmpty()) flush();
  });

  /* ---------- the question ---------- */

  const TYPING_SECONDS = 0.8; // a pause in typing that is worth a save
  let typingTimer = 0;

  const positionOf = (question) => question.dataset.question || root.dataset.position;
  const fieldOf = (question) => question.dataset.field || "answer";

  function isAnswer(input, question) {
    const name = input.name || "";
    return name === fieldOf(question) || name.startsWith(fieldOf(question) + ":");
  }

  function inputs(question) {
    return Array.from(question.querySelectorAll("input, select, textarea")).filter((input) =>
      isAnswer(input, question)
    );
  }

  // What is sent is called «answer», however the page calls its fields.
  const sentName = (input, question) => "answer" + input.name.slice(fieldOf(question).length);

  // What the form would send; a field left empty is no answer.
  function given(question) {
    return inputs(question)
      .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
      .map((input) => [sentName(input, question), input.value])
      .filter(([, value]) => value.trim() !== "");
  }

  function mark(input) {
    const option = input.closest(".option");
    if (option) option.classList.toggle("option--checked", input.checked);
  }

  function show(question, values) {
    inputs(question).forEach((input) => {
      const own = values
        .filter(([name]) => name === sentName(input, question))
        .map(([, value]) => value);
      if (["radio", "checkbox"].includes(input.type)) input.checked = own.includes(input.value);
      else input.value = own[0] || "";
      mark(input);
    });
    document.dispatchEvent(new Event("answers-shown"));
  }

  questions.forEach((question) => {
    const waiting = outbox()[positionOf(question)];
    if (waiting) show(question, pairs(waiting));

    question.addEventListener("change", (event) => {
      if (!isAnswer(event.target, question)) return;
      window.clearTimeout(typingTimer);
      inputs(question).forEach(mark);
      put(positionOf(question), given(question));
      settle();
    });

    // Kept with each letter, sent when the typing rests.
    question.addEventListener("input", (event) => {
      const typed = ["text", "textarea"].includes(event.target.type);
      if (!typed || !isAnswer(event.target, question)) return;
      put(positionOf(question), given(question));
      window.clearTimeout(typingTimer);
      typingTimer = window.setTimeout(settle, TYPING_SECONDS * 1000);
    });
  });

  if (form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const go = event.submitter ? event.submitter.value : "";
      const state = isEmpty() ? "ok" : await within(LEAVE_SECONDS, settle());
      if (state === "ok") leave(go);
      else if (state === "offline") warn(texts.offline);
    });
  }

  function leave(go) {
    // What changes the attempt itself is for the server to do.
    if (go.startsWith("check") || ("oneWay" in root.dataset && go)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "go";
      field.value = go;
      form.append(field);
      form.submit();
      return;
    }
    if (!go || go === "save") return;
    window.location.assign(
      go === "review" ? root.dataset.submitUrl : window.location.pathname + "?cau=" + go
    );
  }

  // A link waits for the outbox, so that the next page already knows the answer.
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey &&
      !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || link === noticeLink || !plain || isEmpty()) return;
    event.preventDefault();
    await within(LEAVE_SECONDS, settle());
    window.location.assign(link.href);
  });

  /* ---------- handing in ---------- */

  let handedIn = false;
  let withoutPending = false;

  if (handIn) {
    handIn.addEventListener("submit", async (event) => {
      if (handedIn) {
        event.preventDefault(); // the second click of two
        return;
      }
      handedIn = true;
      if (isEmpty()) return;
      event.preventDefault();
      const state = await within(withoutPending ? LEAVE_SECONDS : SEND_SECONDS, settle());
      if (withoutPending || (isEmpty() && state === "ok")) {
        handIn.submit();
        return;
      }
      // The next press hands in without what could not be sent.
      handedIn = false;
      withoutPending = state !== "login";
      if (state === "offline") warn(texts.pending);
    });
    // Back from the result by the browser's button: the page may come from its memory.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) window.location.reload();
    });
  }

  /* ---------- clock ---------- */

  const clock = root.querySelector("[data-clock]");
  if (clock && root.dataset.secondsLeft) {
    const end = Date.now() + Number(root.dataset.secondsLeft) * 1000;
    const tick = async () => {
      const left = Math.max(Math.round((end - Date.now()) / 1000), 0);
      clock.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      clock.parentElement.classList.toggle("clock--low", left <= 60);
      if (left > 0) return;
      window.clearInterval(ticking);
      questions.forEach((question) => {
        question.querySelector("fieldset").disabled = true;
      });
      await within(LEAVE_SECONDS, settle());
      if (handIn) {
        withoutPending = true;
        handIn.requestSubmit();
      } else {
        window.location.assign(root.dataset.submitUrl);
      }
    };
    const ticking = window.setInterval(tick, 1000);
    tick();
  }

  if (!isEmpty()) flush();
})();
