"""Walking: every link followed, every button pressed, each on a fresh copy of the demonstration."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from pyotp import TOTP
from werkzeug.exceptions import HTTPException
from werkzeug.test import Client, TestResponse

from hrdtracker.web.shell.background import SUBMISSION
from tests.walk.demonstration import Demonstration, Spot, cookies_of
from tests.walk.filling import Sent, fill, letters, typed
from tests.walk.page import Form, Page, read

PAGES_A_KIND = 2
"""How many pages are opened of one endpoint about records of one kind and status."""
DEPTH = 3
"""How many sendings lie behind a page that only what was sent before has opened."""
UNSENT = {"csrf_token", "_as", "submission_id", "version"}
ENDS = {"shell.leave", "accounts.logout", "accounts.sign_in", "setup.welcome"}
"""After these somebody else is here, or nobody: the walk does not go on from there."""
NO_PAGES = {"static", "shell.styleguide", "factors.passkey"}
UIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Kind = tuple[str, ...]
Pressed = tuple[Form, tuple[str, str]]


@dataclass(frozen=True)
class Link:
    """An address to be opened: where it stood, and in which database it leads somewhere."""

    path: str
    page: str
    spot: Spot
    depth: int


@dataclass(frozen=True)
class Sending:
    """A form to be sent with one of its buttons, where it was offered."""

    endpoint: str
    form: Form
    button: tuple[str, str]
    page: str
    spot: Spot
    depth: int
    secret: str = ""

    def __str__(self) -> str:
        pressed = " ".join(filter(None, self.button))
        return f"{self.page} → {self.endpoint}{f' [{pressed}]' if pressed else ''}"


@dataclass
class Walk:
    """What was walked by somebody, and what was not, in words."""

    pages: int = 0
    sent: int = 0
    verbs: dict[str, set[str]] = field(default_factory=dict)
    """What the trail holds of each endpoint that was sent to."""
    faults: list[str] = field(default_factory=list)


class Walker:
    """Somebody who goes wherever a page leads, and does whatever it offers."""

    def __init__(self, shown: Demonstration, login: str | None) -> None:
        self.shown, self.login = shown, login
        self.adapter = shown.app.url_map.bind("localhost")
        self.walk = Walk()
        self.opened = Counter[Kind]()
        self.known = set[object]()
        self.links, self.sendings = deque[Link](), deque[Sending]()
        self.kinds = dict[str, str]()

    def go(self) -> Walk:
        """Walk to the end: all links first, and then what was offered on the way."""
        start = "/" if self.login else "/login"
        self.links.append(Link(start, "", self.shown.begin(self.login), 0))
        while self.links or self.sendings:
            if self.links:
                self._open(self.links.popleft())
            else:
                self._send(self.sendings.popleft())
        return self.walk

    def _open(self, link: Link) -> None:
        client = self.shown.client(link.spot)
        answer, page = self._follow(client, link.path, client.get(link.path))
        self.walk.pages += 1
        if answer.status_code != 200:
            self._fault(f"{link.page} leads to {page.path}: {answer.status_code}")
        elif answer.mimetype == "text/html":
            if not page.ways_on:
                self._fault(f"{page.path} is a dead end")
            here = Spot(link.spot.database, cookies_of(client))
            self._queue(page, *self._new_on(page), here, link.depth)

    def _follow(self, client: Client, path: str, answer: TestResponse) -> tuple[TestResponse, Page]:
        """Return the page to which an answer leads in the end; an empty one for a file."""
        while answer.location:
            path = answer.headers["Location"]
            answer = client.get(path)
        is_page = answer.mimetype == "text/html"
        return answer, read(path, answer.get_data(as_text=True) if is_page else "")

    def _queue(
        self, page: Page, links: list[str], pressed: list[Pressed], spot: Spot, depth: int
    ) -> None:
        self.links += [Link(path, page.path, spot, depth) for path in links]
        self.sendings += [
            Sending(self._endpoint(form), form, button, page.path, spot, depth, page.secret)
            for form, button in pressed
        ]

    def _new_on(self, page: Page) -> tuple[list[str], list[Pressed]]:
        """Return what a page offers and is of a kind that was not walked yet."""
        actions = (form.action for form in page.forms)
        unknown = set(UIDS.findall(" ".join((*page.links, *actions)))) - self.kinds.keys()
        if unknown:
            self.kinds |= self.shown.kinds(unknown)
        links = [path for path in page.links if self._is_new_page(path)]
        pressed = [
            (form, button)
            for form in page.forms
            for button in form.buttons or [("", "")]
            if self._is_new_form(form, button)
        ]
        return links, pressed

    def _is_new_page(self, path: str) -> bool:
        kind = self._kind(path, "GET")
        if kind is None or path in self.known or self.opened[kind] >= PAGES_A_KIND:
            return False
        self.opened[kind] += 1
        self.known.add(path)
        return True

    def _is_new_form(self, form: Form, button: tuple[str, str]) -> bool:
        kind = self._kind(form.action, form.method.upper())
        seen = frozenset(each.name for each in form.fields.values() if each.kind != "hidden")
        key = (kind, form.method, seen, button, form.only)
        if kind is None or key in self.known:
            return False
        self.known.add(key)
        return True

    def _kind(self, path: str, method: str) -> Kind | None:
        """Return of which kind an address is: its page, the status of its records, what it asks."""
        split = urlsplit(path)
        try:
            endpoint, values = self.adapter.match(split.path, method)
        except HTTPException:
            self._fault(f"{method} {path} is no address of ours")
            return None
        if endpoint in NO_PAGES:
            return None
        about = (self._about(endpoint, name, value) for name, value in values.items())
        asked = {name for name, _ in parse_qsl(split.query)}
        return (endpoint, *about, *(asked if len(asked) < 2 else ("several",)))

    def _about(self, endpoint: str, name: str, value: object) -> str:
        """Return what a piece of an address means: a record of a kind, or one word of a few."""
        if isinstance(value, UUID):
            return self.kinds.get(str(value), "record")
        return str(value) if endpoint in self._of_few_words else name

    @cached_property
    def _of_few_words(self) -> set[str]:
        rules = self.shown.app.url_map.iter_rules()
        return {rule.endpoint for rule in rules if "any(" in rule.rule}

    def _endpoint(self, form: Form) -> str:
        return str(self.adapter.match(urlsplit(form.action).path, form.method.upper())[0])

    def _send(self, sending: Sending) -> None:
        self.walk.sent += 1
        words = f"Walked words {letters(self.walk.sent)}"
        digits = TOTP(sending.secret).now() if sending.secret else ""
        own = {**self.shown.own(self.login), "digits": digits}
        sent = fill(sending.endpoint, sending.form, sending.button, words, own)
        if sending.form.method == "get":
            path = f"{sending.form.action.partition('?')[0]}?{urlencode(sent, doseq=True)}"
            self._open(Link(path, sending.page, sending.spot, sending.depth))
        else:
            self._post(sending, sent)

    def _post(self, sending: Sending, sent: Sent) -> None:
        client, before = self.shown.client(sending.spot), self.shown.last_entry()
        path, key = sending.form.action, sent.get("submission_id", [uuid4().hex])[0]
        answer = client.post(path, data=sent, headers={SUBMISSION: key})
        is_confirmed = answer.headers.get(SUBMISSION) == key
        answer, page = self._follow(client, path, answer)
        entries = self.shown.entries(before)
        self.shown.changed(verb for verb, _ in entries)
        reasons = [*_refusals(answer, page), *_not_done(entries)]
        if not is_confirmed:
            reasons.append("the script that sends it could not know the answer")
        if not reasons and not self._is_shown(sending, sent, page, client):
            reasons.append("nothing of what was sent is shown")
        if reasons:
            told = {name: values for name, values in sent.items() if name not in UNSENT}
            self._fault(f"{sending} → {page.path}: {'; '.join(reasons)}; {told}")
        else:
            verbs = self.walk.verbs.setdefault(sending.endpoint, set())
            verbs |= {verb for verb, _ in entries} or {"-"}
        if answer.status_code == 200 and sending.endpoint not in ENDS and sending.depth < DEPTH:
            self._go_on(page, client, sending.depth + 1)

    def _is_shown(self, sending: Sending, sent: Sent, page: Page, client: Client) -> bool:
        """Tell whether where one is led one sees what was typed, or that it was kept.

        A form of several pages leads to its next: what was typed stands where it was typed.
        """
        new = typed(sending.form, sent)
        if sending.form.only is not None or not new or page.says(new):
            return True
        if any(kind == "ok" for kind, _ in page.alerts):
            return True
        return read(sending.page, client.get(sending.page).get_data(as_text=True)).says(new)

    def _go_on(self, page: Page, client: Client, depth: int) -> None:
        """Take up what only this sending has opened; its database is kept for that."""
        before, self.kinds = self.kinds, {}
        links, pressed = self._new_on(page)
        self.kinds = before | self.kinds
        if links or pressed:
            self._queue(page, links, pressed, self.shown.keep(client), depth)

    def _fault(self, words: str) -> None:
        self.walk.faults.append(words)


def _refusals(answer: TestResponse, page: Page) -> Iterator[str]:
    """Say why a sending was not accepted."""
    if answer.status_code not in {200, 204}:
        yield f"{answer.status_code} {', '.join(page.refusals) or page.text[:300]}"
    yield from (said for kind, said in page.alerts if kind == "danger")


def _not_done(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Say what the trail holds as refused."""
    yield from (f"{verb} is {outcome}" for verb, outcome in entries if outcome != "done")
