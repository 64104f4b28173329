// What is typed and not sent yet survives "back" and a reload of this tab: kept sealed, under a key that only our pages
// carry. A browser writes such a store to the disk of the device, so nothing is kept where the page brings no key.
"use strict";

(() => {
  const page = document.documentElement;
  const given = document.querySelector("meta[name=typing-key]");
  const LONGEST = 30 * 60 * 1000;
  const PAUSE = 300;
  const NEVER = ["csrf_token", "_as"];
  const waiting = new Map();

  let store;
  try {
    store = sessionStorage;
  } catch {
    return; // the browser refuses storage altogether
  }

  if (!given) return; // the records cannot be reached: what is kept stays for the next page
  if (!given.content || !globalThis.crypto?.subtle) {
    store.clear();
    return;
  }

  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = crypto.subtle.importKey("raw", bytesOf(given.content), "AES-GCM", false, ["encrypt", "decrypt"]);

  const here = () => location.pathname + location.search;
  const isKept = (form) =>
    form?.getAttribute("method")?.toLowerCase() === "post" && form.closest("main") && !form.querySelector("[type=password]");
  const nameOf = (form) => `typed ${here()} ${form.getAttribute("action") ?? ""}`;
  const boundTo = (iv, name) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) });

  async function keep(form, name) {
    const fields = [...new FormData(form)].filter(([field]) => !NEVER.includes(field));
    const text = JSON.stringify({ at: Date.now(), fields });
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(boundTo(iv, name), await key, new TextEncoder().encode(text));
    if (!page.hidden && waiting.has(name)) store.setItem(name, `${hexOf(iv)} ${hexOf(new Uint8Array(sealed))}`);
  }

  async function kept(name) {
    const [iv, sealed] = (store.getItem(name) ?? "").split(" ").map(bytesOf);
    if (!sealed) return null;
    try {
      const text = await crypto.subtle.decrypt(boundTo(iv, name), await key, sealed);
      const { at, fields } = JSON.parse(new TextDecoder().decode(text));
      if (Date.now() - at < LONGEST) return fields;
    } catch {
      // Of another session, or of somebody else: it is not for whoever is here now.
    }
    store.removeItem(name);
    return null;
  }

  function fill(form, fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const control of form.elements) {
      const typed = values.get(control.name) ?? [];
      if (NEVER.includes(control.name)) continue;
      if (control.type === "radio" || control.type === "checkbox") control.checked = typed.includes(control.value);
      else if (typed.length) control.value = typed.shift();
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The page says that it was filled in, and how to begin anew.
  async function restore(form) {
    const fields = await kept(nameOf(form));
    if (!fields) return;
    fill(form, fields);
    const notice = document.getElementById("unsent").content.querySelector("[data-about=restored]").cloneNode(true);
    notice.querySelector("button").addEventListener("click", () => {
      store.removeItem(nameOf(form));
      location.reload();
    });
    document.querySelector("main").prepend(notice);
  }

  document.addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!isKept(form)) return;
    const name = nameOf(form);
    clearTimeout(waiting.get(name));
    waiting.set(name, setTimeout(keep, PAUSE, form, name));
  });

  function done(form) {
    const name = nameOf(form);
    clearTimeout(waiting.get(name));
    waiting.delete(name);
    store.removeItem(name);
  }

  // Sent by the browser itself, or said by our script to be stored; signing out forgets all.
  document.addEventListener("submit", (event) => {
    if (event.target.id === "logout") store.clear();
    else if (!event.defaultPrevented && isKept(event.target)) done(event.target);
  });
  document.addEventListener("form:stored", (event) => done(event.target));

  for (const name of Object.keys(store)) if (name.startsWith("typed ")) kept(name); // what is too old, or another's, goes
  if (given.dataset.restores) {
    for (const form of document.forms) if (isKept(form)) restore(form);
  }
})();
