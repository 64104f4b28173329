// Answering a checklist: each answer is sent as soon as it is given, one after the other, and stays here until it is kept.
"use strict";

(() => {
  const asks = document.querySelector("[data-asks]");
  const page = document.documentElement;
  const ID = "Submission-Id";
  const PAUSES = [2000, 5000, 10000, 20000];
  const LONGEST = 30000;
  const TYPING = 700;
  const waiting = new Set(); // forms with an answer that is not known to be kept, the first first
  const timers = new Map();
  const unsure = new Map(); // what was sent of a form without an answer: it goes again first, for it may have arrived
  let isUnderWay = false;
  let tries = 0;
  let retry;

  if (!asks) return;

  const formOf = (element) => element.closest?.("form[data-ask]");
  const contentOf = (form) =>
    new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, value.replace(/\r\n?|\n/g, "\r\n")]));
  const newId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  function mark(form, state) {
    form.querySelector("[data-saved]").dataset.saved = state;
  }

  // One sentence above the questions, or none.
  function say(about) {
    const place = document.querySelector("[data-connection]");
    place.hidden = !about;
    for (const each of place.children) each.hidden = each.dataset.about !== about;
  }

  function keep(form) {
    clearTimeout(timers.get(form));
    timers.delete(form);
    waiting.add(form);
    mark(form, "kept");
    send();
  }

  async function send() {
    const [form] = waiting;
    if (!form || isUnderWay || page.hidden) return;
    clearTimeout(retry);
    isUnderWay = true;
    const [id, body] = [newId(), unsure.get(form) ?? contentOf(form)];
    body.set("csrf_token", form.querySelector("[name=csrf_token]").value);
    unsure.set(form, body);
    const stopper = new AbortController();
    const longest = setTimeout(() => stopper.abort(), LONGEST);
    let isToGoOn = false;
    try {
      const headers = { [ID]: id };
      const answer = await fetch(`${form.getAttribute("action")}?alone=yes`, { method: "POST", body, headers, signal: stopper.signal });
      const text = await answer.text();
      const answered = new DOMParser().parseFromString(text, "text/html");
      isToGoOn = answer.headers.get(ID) === id ? take(form, body, answer, answered) : stay(answer);
    } catch {
      wait("offline");
    } finally {
      clearTimeout(longest);
      isUnderWay = false;
    }
    if (isToGoOn) send();
  }

  // What comes back with our id is an answer: kept, refused, or a way to go on that our page needs another token for.
  function take(form, body, answer, answered) {
    const token = answered.querySelector("[name=csrf_token]")?.value;
    if (answer.status === 400 && token) {
      const isNew = document.querySelector("[name=csrf_token]").value !== token;
      for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
      if (!isNew) wait("refused");
      return isNew;
    }
    if (answer.status === 401) {
      wait("signed-out");
      return false;
    }
    const { version, answered: done } = answered.body.dataset;
    if (version === undefined) return stay(answer);
    settle(form, body, answer, answered, { version, done });
    return true;
  }

  function settle(form, body, answer, answered, { version, done }) {
    tries = 0;
    say("");
    unsure.delete(form);
    form.querySelector("[name=version]").value = version;
    const reasons = form.querySelector("[data-refused]");
    reasons.replaceChildren(...[...answered.querySelector("[data-refused]").childNodes].map((node) => document.adoptNode(node)));
    body.set("version", version);
    const isSame = String(contentOf(form)) === String(body);
    if (isSame || !answer.ok) waiting.delete(form);
    if (!answer.ok) {
      if (isSame) mark(form, "kept");
      else keep(form);
      return;
    }
    if (isSame) {
      mark(form, "sent");
      form.dispatchEvent(new Event("form:stored", { bubbles: true }));
    }
    const line = document.querySelector(`[data-line="${form.id}"] [data-said]`);
    line.replaceWith(document.adoptNode(answered.querySelector("[data-said]")));
    document.querySelector("progress").value = Number(done);
    document.querySelector("[data-progress]").textContent = answered.querySelector("[data-progress]").textContent;
  }

  // A page of somebody else, or of an error: nothing is said to be sent, and it is tried again later.
  function stay(answer) {
    wait([403, 404, 409, 413, 422].includes(answer.status) ? "refused" : "offline");
    return false;
  }

  function wait(about) {
    say(about);
    clearTimeout(retry);
    retry = setTimeout(send, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  }

  function go(address) {
    if (address) location.hash = address;
    else scrollTo(0, document.querySelector("#every").getBoundingClientRect().top + scrollY);
  }

  asks.addEventListener("change", ({ target }) => {
    const form = formOf(target);
    if (form) keep(form);
  });

  asks.addEventListener("input", ({ target }) => {
    const form = formOf(target);
    if (!form || target.type === "radio") return;
    mark(form, "kept");
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(keep, TYPING, form));
  });

  // "Next" goes on at once; "all" answers for everybody. Both need no connection.
  document.addEventListener("submit", (event) => {
    const [form, pressed] = [event.target, event.submitter];
    if (!form.matches("[data-ask]")) return;
    event.preventDefault();
    if (pressed?.name === "all") {
      for (const control of form.querySelectorAll(`[type=radio][value="${pressed.value}"]`)) {
        control.checked = true;
        control.dispatchEvent(new Event("input", { bubbles: true })); // so that it survives a reload, too
      }
      keep(form);
      return;
    }
    if (timers.has(form) || form.querySelector("[data-saved]").dataset.saved === "kept") keep(form);
    go(pressed?.dataset.next);
  }, true);

  // What was filled in again before this script was there, after a reload or by the browser, is not sent yet.
  const isOther = ({ type, checked, defaultChecked, value, defaultValue }) =>
    type === "radio" ? checked !== defaultChecked : ["text", "textarea"].includes(type) && value !== defaultValue;
  for (const form of asks.querySelectorAll("form[data-ask]")) if ([...form.elements].some(isOther)) keep(form);

  addEventListener("online", () => {
    tries = 0;
    send();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) send();
  });
  addEventListener("beforeunload", (event) => {
    if ((waiting.size || timers.size) && !page.hidden) event.preventDefault();
  });
})();
