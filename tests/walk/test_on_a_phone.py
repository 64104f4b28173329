"""Every page on a phone: whole choices, Khmer digits, and no form is lost without a connection."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Playwright, Route
from playwright.sync_api import Error as PlaywrightError
from werkzeug.test import Client, TestResponse

from tests.browser_process import launch
from tests.walk import page as read_page
from tests.walk.demonstration import BASE, Demonstration, Spot, cookies_of
from tests.walk.walker import Kind, Link, Pressed, Walker

pytestmark = pytest.mark.browser
READERS = ("director", "fund", "finance", "admin2")
SITE = "http://127.0.0.1"
AROUND = {"/language", "/leave", "/logout"}
"""Where the forms lead that stand around every page."""
AMOUNT = re.compile(r"(?<![\w,.])[0-9][0-9,.]* (?:USD|KHR|EUR)")
MEASURE = """() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (const part of document.querySelectorAll("[hidden], [disabled]")) part.hidden = part.disabled = false;
  const pen = document.createElement("canvas").getContext("2d");
  const alike = [];
  for (const select of document.querySelectorAll("select:not([multiple])")) {
    const style = getComputedStyle(select);
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const letters = new Intl.Segmenter(document.documentElement.lang, {granularity: "grapheme"});
    const said = [...select.options].map((option) => option.label.trim()).sort();
    for (let place = 1; place < said.length; place += 1) {
      const [one, other] = [said[place - 1], said[place]].map((text) => [...letters.segment(text)].map((part) => part.segment));
      let same = 0;
      while (same < one.length && one[same] === other[same]) same += 1;
      if (pen.measureText(other.slice(0, same + 1).join("")).width > room) alike.push([select.name, Math.round(room), said[place - 1], said[place]]);
    }
  }
  return alike;
}"""  # noqa: E501 - it reads best as it runs


COVERED = """() => [...document.querySelectorAll("main a, main button:enabled")].filter((part) => {
  part.scrollIntoView({ block: "center" });
  const box = part.getClientRects()[0];
  if (!box || !part.checkVisibility()) return false;
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return hit && !part.contains(hit);
}).map((part) => part.textContent.trim())"""
SEND_ALL = """async () => {
  const here = location.href;
  const forms = [...document.querySelectorAll("main form[method=post]")].filter((form) =>
    !form.querySelector("[type=password]") &&
    [...form.elements].some(({ type }) => !["hidden", "submit", "button", "fieldset"].includes(type)));
  for (const form of forms) {
    for (const field of form.querySelectorAll("textarea:enabled, input:not([type]):enabled, input[type=text]:enabled")) field.value = "1";
    form.requestSubmit(form.querySelector("button[type=submit], button:not([type])"));
  }
  const waiting = () => document.querySelectorAll("main [data-about=offline]").length;
  for (let tries = 0; tries < 100 && waiting() < forms.length; tries += 1) await new Promise((go) => setTimeout(go, 10));
  return forms.length > 0 && waiting() === forms.length && location.href === here;
}"""  # noqa: E501 - it reads best as it runs


class Looker(Walker):
    """Somebody who opens every page and sends nothing; which have something to choose or press."""

    def __init__(self, shown: Demonstration, login: str) -> None:
        super().__init__(shown, login)
        self.with_choices, self.with_forms = set[Kind](), set[Kind]()
        self.paths: dict[Kind, str] = {}
        self.latin_amounts = set[tuple[str, str]]()

    def look(self, spot: Spot) -> None:
        """Open whatever can be opened from there."""
        self.links.append(Link("/", "", spot, 0))
        while self.links:
            self._open(self.links.popleft())

    def _follow(
        self, client: Client, path: str, answer: TestResponse
    ) -> tuple[TestResponse, read_page.Page]:
        answer, page = super()._follow(client, path, answer)
        kind = self._kind(page.path, "GET")
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        if kind is not None:
            self._note(kind[:1], page, has_choices="<select" in text)
        self.latin_amounts |= {(page.path, amount) for amount in AMOUNT.findall(text)}
        return answer, page

    def _note(self, kind: Kind, page: read_page.Page, *, has_choices: bool) -> None:
        has_form = any(map(_is_filled_in, page.forms))
        has_button = any(form.action not in AROUND for form in page.forms)
        if kind in self.paths or not (has_choices or has_form or has_button):
            return
        self.paths[kind] = page.path
        self.with_choices |= {kind} if has_choices else set()
        self.with_forms |= {kind} if has_form else set()

    def _new_on(self, page: read_page.Page) -> tuple[list[str], list[Pressed]]:
        links, _ = super()._new_on(page)
        return links, []


def _is_filled_in(form: read_page.Form) -> bool:
    kinds = {field.kind for field in form.fields.values()}
    return form.method == "post" and bool(kinds - {"hidden"}) and "password" not in kinds


@pytest.fixture(scope="module")
def seen() -> set[Kind]:
    """Return the pages that an earlier reader looked at: they are the same for the next."""
    return set()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


def phone(chromium: Browser, client: Client) -> Page:
    """Return a phone that opens pages of the application itself, and loses what it sends."""

    def got(path: str) -> dict[str, Any]:
        answer = client.get(path)
        kind = answer.headers.get("Content-Type", "text/plain")
        return {
            "status": answer.status_code,
            "headers": {"Content-Type": kind},
            "body": answer.data,
        }

    static = cache(got)

    def answer(route: Route) -> None:
        if route.request.method != "GET":
            route.abort("internetdisconnected")
            return
        asked = urlsplit(route.request.url)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        route.fulfill(**(static(path) if path.startswith("/static/") else got(path)))

    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.route("**/*", answer)
    return page


def speak(client: FlaskClient, language: str) -> None:
    with client.session_transaction() as cookie:
        cookie["language"] = language


def stays(page: Page) -> bool:
    """Tell whether every form of a page stays there, and says so, where the connection is dead."""
    try:
        return bool(page.evaluate(SEND_ALL))
    except PlaywrightError:  # the browser went away from the page
        return False


@pytest.mark.parametrize("login", READERS)
def test_on_a_phone_choices_are_told_apart_amounts_are_khmer_and_forms_outlive_the_connection(
    login: str, shown: Demonstration, chromium: Browser, seen: set[Kind]
) -> None:
    client = shown.client(shown.begin(login))
    assert isinstance(client, FlaskClient)
    speak(client, "km")
    looker = Looker(shown, login)
    looker.look(Spot(BASE, cookies_of(client)))
    assert looker.walk.faults == []
    assert looker.latin_amounts == set()
    page = phone(chromium, client)
    wrong: list[object] = []
    for kind, path in looker.paths.items():
        if kind in seen:
            continue
        for language in ("en", "km") if kind in looker.with_choices else ("km",):
            speak(client, language)
            page.goto(SITE + path)
            page.evaluate("document.fonts.ready")
            wrong += [(path, language, covered) for covered in page.evaluate(COVERED)]
            wrong += [(path, language, alike) for alike in page.evaluate(MEASURE)]
        if kind in looker.with_forms and not stays(page):
            wrong.append(path)
    page.close()
    assert wrong == []
    seen |= looker.paths.keys()
