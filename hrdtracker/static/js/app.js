// What the pages do besides being pages. Everything here is a nicety except leaving quickly, and that works without script too.
"use strict";

(() => {
  const page = document.documentElement;

  // Leaving: nothing on the screen at once, nothing kept by the browser, and "back" does not show the page again.
  function leave() {
    const leaving = document.getElementById("leave");
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
    if (event.repeat || !document.getElementById("leave")) return;
    escapes.push(event.timeStamp);
    if (escapes.length > 3) escapes.shift();
    if (escapes.length === 3 && escapes[2] - escapes[0] < 3000) leave();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "leave") return;
    event.preventDefault();
    leave();
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

  // One tap for all of a list.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tick-all]");
    if (!button) return;
    const boxes = [...button.parentElement.querySelectorAll("input[type=checkbox]")];
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
  });

  // What a page needs as soon as it is there; of a refused form the summary is read first.
  function prepare() {
    openParts();
    for (const part of document.querySelectorAll("[data-tick-all], [data-with-script]")) part.hidden = false;
    for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
    document.querySelector(".error-summary")?.focus();
  }

  prepare();
  document.addEventListener("page:shown", prepare);
  addEventListener("pageshow", openParts);

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
