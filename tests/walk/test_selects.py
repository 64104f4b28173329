"""What a Khmer reader sees on every page: whole choices on a phone of 360 px, and Khmer digits."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Playwright, Route
from werkzeug.test import Client, TestResponse

from tests.browser_process import launch
from tests.walk import page as read_page
from tests.walk.demonstration import BASE, Demonstration, Spot, cookies_of
from tests.walk.walker import Kind, Link, Pressed, Walker

pytestmark = pytest.mark.browser
READERS = ("director", "fund", "finance", "admin2")
SITE = "http://127.0.0.1"
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


class Looker(Walker):
    """Somebody who opens every page and sends nothing; what pages have a list of choices."""

    def __init__(self, shown: Demonstration, login: str) -> None:
        super().__init__(shown, login)
        self.with_choices: dict[Kind, str] = {}
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
        if kind is not None and "<select" in text:
            self.with_choices.setdefault(kind[:1], page.path)
        self.latin_amounts |= {(page.path, amount) for amount in AMOUNT.findall(text)}
        return answer, page

    def _new_on(self, page: read_page.Page) -> tuple[list[str], list[Pressed]]:
        links, _ = super()._new_on(page)
        return links, []


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


def phone(chromium: Browser, client: Client) -> Page:
    """Return a phone whose every request is answered by the application itself."""

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        got = client.get(asked.path + (f"?{asked.query}" if asked.query else ""))
        headers = {"Content-Type": got.headers.get("Content-Type", "text/plain")}
        route.fulfill(status=got.status_code, headers=headers, body=got.data)

    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.route("**/*", answer)
    return page


def speak(client: FlaskClient, language: str) -> None:
    with client.session_transaction() as cookie:
        cookie["language"] = language


@pytest.mark.parametrize("login", READERS)
def test_choices_are_told_apart_on_a_phone_and_amounts_stand_in_khmer_digits(
    login: str, shown: Demonstration, chromium: Browser
) -> None:
    client = shown.client(shown.begin(login))
    assert isinstance(client, FlaskClient)
    speak(client, "km")
    looker = Looker(shown, login)
    looker.look(Spot(BASE, cookies_of(client)))
    assert looker.walk.faults == []
    assert looker.latin_amounts == set()
    page = phone(chromium, client)
    alike: dict[str, object] = {}
    for language in ("en", "km"):
        speak(client, language)
        for path in looker.with_choices.values():
            page.goto(SITE + path)
            page.evaluate("document.fonts.ready")
            if found := page.evaluate(MEASURE):
                alike[f"{path} ({language})"] = found
    page.close()
    assert alike == {}
