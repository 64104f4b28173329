// What the pages do besides being pages. Everything here is a nicety except leaving quickly, and that works without script too.
"use strict";

(() => {
  const page = document.documentElement;

  // Leaving: nothing on the screen at once, nothing kept by the browser, and "back" does not show the page again.
  const leaving = document.getElementById("leave");

  function leave() {
    page.hidden = true;
    try {
      sessionStorage.clear();
      localStorage.clear();
    } catch {
      // The browser refuses storage altogether: then there is nothing to clear.
    }
    setTimeout(() => leaving.submit(), 5000); // a slow network: go the browser's own way
    fetch(leaving.action, { method: "POST", body: new FormData(leaving), keepalive: true })
      .then((answer) => {
        if (!answer.ok) throw new Error("not left");
        location.replace(answer.url);
      })
      .catch(() => leaving.submit());
  }

  const escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      escapes.length = 0;
      return;
    }
    if (event.repeat || !leaving) return;
    escapes.push(event.timeStamp);
    if (escapes.length > 3) escapes.shift();
    if (escapes.length === 3 && escapes[2] - escapes[0] < 3000) leave();
  });

  // A form is sent once. The server knows a second sending too; this only spares the wait. A file that arrives instead
  // of a page leaves the form where it is, so the buttons come back after a while.
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
    setTimeout(release, 15000, form);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form === leaving) {
      event.preventDefault();
      leave();
    } else if (form.dataset.sent) {
      event.preventDefault();
    } else if (form.method === "post") {
      setTimeout(hold, 0, form, event.submitter); // after the pressed button's own value has been taken along
    }
  });

  // Fields that a choice opens: closed, they are not sent either. One that holds a message stays open.
  function openParts() {
    for (const part of document.querySelectorAll("[data-opens]")) {
      const wanted = part.dataset.opensWhen.split(" ");
      const chosen = [...document.getElementsByName(part.dataset.opens)].some((control) =>
        control.type === "radio" || control.type === "checkbox"
          ? control.checked && wanted.includes(control.value)
          : wanted.includes(control.value));
      part.hidden = !chosen && !part.querySelector(".is-wrong");
      part.disabled = part.hidden;
    }
  }

  document.addEventListener("change", openParts);

  addEventListener("pageshow", () => {
    for (const form of document.forms) release(form);
    openParts();
  });

  // One tap for all of a list.
  for (const button of document.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = [...button.parentElement.querySelectorAll("input[type=checkbox]")];
      const tick = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = tick;
    });
  }

  // A refused form: the summary is read first.
  document.querySelector(".error-summary")?.focus();

  // Offers for the people in a list are asked for with that list and the answers so far, and nothing else of the form.
  document.addEventListener("htmx:configRequest", ({ target, detail }) => {
    const wanted = target.dataset.sends?.split(" ");
    if (!wanted) return;
    for (const name of Object.keys(detail.parameters)) {
      if (!wanted.some((start) => name.startsWith(start))) delete detail.parameters[name];
    }
  });

  // An answer from another address than the one asked (the sign-in page, say) is not an answer.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const asked = new URL(requestConfig.path, location.href).pathname;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) event.detail.shouldSwap = false;
  });
})();
