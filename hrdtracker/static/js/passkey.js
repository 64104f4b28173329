// Passkeys: a button asks the server what to sign, lets the device sign it, and sends the form with the answer.
"use strict";

(() => {
  function library(address) {
    if (globalThis.SimpleWebAuthnBrowser) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  async function sign(button, form) {
    const { passkey, options, library: address } = button.dataset;
    const own = ["csrf_token", "_as"].map((name) => [name, form.querySelector(`[name=${name}]`)?.value ?? ""]);
    await library(address);
    const answer = await fetch(options, { method: "POST", body: new URLSearchParams(own) });
    if (!answer.ok) throw new Error("no challenge");
    const optionsJSON = await answer.json();
    const { startRegistration, startAuthentication } = globalThis.SimpleWebAuthnBrowser;
    return passkey === "add" ? startRegistration({ optionsJSON }) : startAuthentication({ optionsJSON });
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button) return;
    const { form } = button;
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    button.disabled = true;
    try {
      form.querySelector("[name=_passkey]").value = JSON.stringify(await sign(button, form));
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
})();
