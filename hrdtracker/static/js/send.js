// Sending a form: once; in the background where something was typed, so that a dead connection costs nothing.
"use strict";

(() => {
  const page = document.documentElement;
  const ID = "Submission-Id"; // what we call a sending, and how the server says that it answers this one
  const SLOW = 15000;
  const LONGEST = 60000;
  const PAUSES = [5000, 10000, 20000, 40000, 60000];
  const AWAY = [502, 503, 504];
  const sendings = new Map(); // of each form: what was sent, and is not known to be stored

  // Buttons that were pressed rest until there is an answer. A file that arrives instead of a page leaves the form where
  // it is, so they come back after a while.
  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[data-held]")) {
      button.disabled = false;
      if (button.dataset.words) button.lastChild.textContent = button.dataset.words;
      delete button.dataset.held;
    }
  }

  function hold(form, pressed) {
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button[type=submit]:enabled")) {
      button.disabled = true;
      button.dataset.held = "yes";
    }
    if (pressed?.dataset.busy) {
      pressed.dataset.words = pressed.lastChild.textContent;
      pressed.lastChild.textContent = pressed.dataset.busy;
    }
    setTimeout(release, SLOW, form);
  }

  // A form as its attributes have it: a field named "action" or "method" would hide the property.
  const idOf = (form) => form.querySelector("[name=submission_id]")?.value;
  const reader = () => document.querySelector("[name=_as]")?.value;
  const targetOf = (form) => new URL(form.getAttribute("action") ?? "", location.href.split("#")[0]);
  const isPost = (form) => form.getAttribute("method")?.toLowerCase() === "post";
  const isTyped = ({ type }) => !["hidden", "submit", "button", "fieldset"].includes(type);

  // What would be lost with the page. A password is left to the browser, but where it completes a form.
  function holdsSomething(form) {
    if (idOf(form)) return true;
    return form.closest("main") && !form.querySelector("[type=password]") && [...form.elements].some(isTyped);
  }

  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function contentOf(form, pressed) {
    const fields = [...new FormData(form)].map(([name, value]) => [name, value.replace(/\r\n?|\n/g, "\r\n")]);
    if (pressed?.name) fields.push([pressed.name, pressed.value]);
    return new URLSearchParams(fields);
  }

  // Sentences come from the page, in the reader's language.
  function sentence(about, words, link) {
    const notice = document.getElementById("unsent").content.querySelector(`[data-about=${about}]`).cloneNode(true);
    const [place, anchor] = [notice.querySelector("[data-words]"), notice.querySelector("a")];
    if (place) place.textContent = words;
    if (anchor) anchor.href = link;
    return notice;
  }

  function show(answered, address) {
    document.title = answered.title;
    page.lang = answered.documentElement.lang;
    document.body.replaceWith(document.adoptNode(answered.body));
    history.replaceState(history.state, "", address);
    scrollTo(0, 0);
    globalThis.htmx?.process(document.body);
    document.dispatchEvent(new Event("page:shown"));
  }

  function go(address) {
    const here = location.pathname + location.search;
    if (address.pathname + address.search === here) {
      history.replaceState(null, "", address);
      location.reload();
    } else {
      location.assign(address);
    }
  }

  // One press of a button: sent until the server says that it is stored, always under the form's own id.
  class Sending {
    constructor(form, pressed) {
      this.form = form;
      this.pressed = pressed;
      this.id = idOf(form) ?? newId();
      this.target = targetOf(form);
      this.body = contentOf(form, pressed);
      this.tries = 0;
    }

    get isOver() {
      return this.isDropped || page.hidden;
    }

    get isChanged() {
      return this.isTouched && String(contentOf(this.form, this.pressed)) !== String(this.body);
    }

    async send() {
      clearTimeout(this.timer);
      this.stopper = new AbortController();
      this.isUnderWay = true;
      const slow = setTimeout(() => this.say("slow"), SLOW);
      const longest = setTimeout(() => this.stopper.abort(), LONGEST);
      try {
        const { signal } = this.stopper;
        const headers = { [ID]: this.id };
        const answer = await fetch(this.target, { method: "POST", body: this.body, headers, signal });
        const text = await answer.text();
        if (!this.isOver) this.take(answer, text);
      } catch {
        if (!this.isOver) this.wait(this.stopper.signal.aborted ? "slow" : "offline");
      } finally {
        this.isUnderWay = false;
        clearTimeout(slow);
        clearTimeout(longest);
      }
    }

    // Only an answer that carries our id is one: it leads to what is stored, or brings the form back.
    take(answer, text) {
      const isOurs = answer.headers.get(ID) === this.id;
      const place = answer.headers.get("Location");
      const answered = new DOMParser().parseFromString(text, "text/html");
      if (isOurs && place) this.leave(new URL(place, answer.url));
      else if (AWAY.includes(answer.status)) this.wait("away");
      else if (!isOurs) this.stay(this.tries ? "unsure" : "refused", answered);
      else if (this.isChanged) this.stay("changed");
      else {
        this.drop();
        if (answered.querySelector("[data-stored]")) this.tellStored();
        show(answered, answer.url);
      }
    }

    tellStored() {
      this.form.dispatchEvent(new Event("form:stored", { bubbles: true }));
    }

    leave(address) {
      if (this.isChanged) {
        this.stay("overtaken", null, address);
        return;
      }
      this.drop();
      this.tellStored();
      const kind = this.pressed?.name === "keep" ? "kept" : "sent";
      history.replaceState({ kind, made: address.pathname, from: this.target.pathname, by: reader() }, "");
      go(address);
    }

    wait(about) {
      release(this.form);
      this.say(about);
      this.timer = setTimeout(() => this.again(), PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
      this.tries += 1;
    }

    again() {
      if (this.isUnderWay || this.isOver || !this.timer) return;
      if (this.isChanged) this.stay("changed");
      else this.send();
    }

    // It waits for the person: the form is as it was, and its buttons can be pressed.
    stay(about, answered, address) {
      clearTimeout(this.timer);
      this.timer = null;
      release(this.form);
      const words = answered && ["h1", "main h1 ~ p, main p"].map((part) => answered.querySelector(part)?.textContent.trim());
      this.say(about, words?.filter(Boolean).join(". "), address);
    }

    say(about, words, link) {
      this.hush();
      this.notice = sentence(about, words, link);
      if (this.form.closest("main")) (this.pressed?.closest(".actions") ?? this.pressed ?? this.form.lastElementChild).before(this.notice);
      else document.querySelector("main").prepend(this.notice);
      this.notice.scrollIntoView({ block: "nearest" });
    }

    hush() {
      this.notice?.remove();
    }

    drop() {
      this.isDropped = true;
      clearTimeout(this.timer);
      this.stopper?.abort();
      this.hush();
      sendings.delete(this.form);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !isPost(form)) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    const sending = new Sending(form, event.submitter);
    sendings.get(form)?.drop();
    if (holdsSomething(form)) {
      event.preventDefault();
      sendings.set(form, sending);
      hold(form, event.submitter);
      sending.send();
    } else if (navigator.onLine) {
      setTimeout(hold, 0, form, event.submitter); // after the pressed button's own value has been taken along
    } else {
      event.preventDefault();
      sendings.set(form, sending);
      sending.stay("disconnected");
    }
  });

  document.addEventListener("input", (event) => {
    const sending = sendings.get(event.target.form);
    if (sending) sending.isTouched = true;
  });

  function tryAgain() {
    for (const sending of sendings.values()) sending.again();
  }

  addEventListener("online", tryAgain);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) tryAgain();
  });

  // Going away would lose what is not sent yet; whoever leaves at once is not asked.
  addEventListener("beforeunload", (event) => {
    if (sendings.size && !page.hidden) event.preventDefault();
  });

  // "Back" to a form that was sent: the page says so, and leads to what it made; to whoever sent it.
  function recall(event) {
    for (const form of document.forms) release(form);
    const { kind, made, from, by } = history.state ?? {};
    if (!made || by !== reader()) return;
    if (event.persisted) {
      location.reload();
      return;
    }
    const form = [...document.forms].find((each) => idOf(each) && targetOf(each).pathname === from);
    const notice = sentence(kind, "", made);
    notice.querySelector("[data-anew]").hidden = !form;
    document.querySelector("main").prepend(notice);
    setTimeout(() => scrollTo(0, 0)); // after the browser has scrolled to where somebody was
  }

  addEventListener("pageshow", recall);
})();
