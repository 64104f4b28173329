"""Calling every page as everybody, on a database that is put back after each change."""

import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hrdtracker.access.model import Organisation
from tests.security.dump import Tables, tables_of
from tests.security.tables import read, uid_of
from tests.security.trace import Trace
from tests.security.world import World
from tests.web.browse import Browser

TOKEN = re.compile(rb'(name="csrf_token"\s+value=")[^"]+|("X-CSRFToken"\s*:\s*")[^"]+')
PLACE = re.compile(r"\{([\w:]+)\}")
NOT_PLACES = ("endpoint", "method", "record", "send", "answer")


@dataclass(frozen=True)
class Line:
    """One line of the access matrix: who may call a page about a record in each relation."""

    endpoint: str
    method: str
    record: str
    send: str
    answer: str
    cells: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.endpoint}-{self.method}-{self.record}".rstrip("-")

    def values(
        self, world: World, letter: str, place: str, login: str
    ) -> dict[str, str | UUID] | None:
        """Return what stands in the address; None where there is no such record."""
        found: dict[str, str | UUID] = {}
        for part in self.record.split():
            name, _, kind = part.partition("=")
            uid: str | UUID | None = kind.removeprefix("=")
            if not kind.startswith("="):
                uid = uid_of(world, kind, letter, place, login)
            if uid is None:
                return None
            found[name] = uid
        return found

    def data(self, world: World, letter: str, place: str) -> dict[str, str]:
        """Return what is sent: `{kind}` stands for the uid of a record, of the same case."""
        about = {**world.others, **world.records.get((letter, place), {})}
        filled = PLACE.sub(lambda found: about[found[1]].hex, self.send)
        return dict(parse_qsl(filled, keep_blank_values=True))


def matrix() -> list[Line]:
    """Return the lines of the access matrix."""
    found = []
    for line in read("access_matrix"):
        cells = tuple((k, v) for k, v in line.items() if k not in NOT_PLACES and v != "-")
        found.append(Line(**{name: line[name] for name in NOT_PLACES}, cells=cells))
    return found


class Visits:
    """The application on a copy of the world, and a browser for everybody in it."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app = app
        self.world = world
        with app.app_context():
            url = app.extensions["sqlalchemy"].engine.url
        self.file = Path(url.database) if url.get_backend_name() == "sqlite" else None
        self.browsers: dict[str | None, Browser] = {}
        self.tokens: dict[Browser, str] = {}
        if self.file:
            shutil.copy(self.file, self.file.with_suffix(".kept"))
            self.terms_versions = self._terms_versions()

    @cached_property
    def tables(self) -> Tables:
        """Return the tables of the database."""
        engine = self.app.extensions["sqlalchemy"].engine
        with engine.connect() as connection:
            return tables_of(connection)

    @cached_property
    def trace(self) -> Trace:
        """Return what compares a page with its lines in the access log."""
        return Trace(self.app)

    @cached_property
    def seed(self) -> tuple[str, str]:
        """Return what a browser is marked with before it signs in, and the token that fits it."""
        browser = Browser(self.app)
        browser.get("/away")
        cookie = browser.client.get_cookie("seed")
        assert cookie
        return cookie.value, browser.csrf()

    def put_back(self) -> None:
        """Bring database and browsers back to what they were."""
        assert self.file, "only SQLite's file is put back"
        self.browsers.clear()
        self.tokens.clear()
        with self.app.app_context():
            database = self.app.extensions["sqlalchemy"]
            database.session.remove()
            same_terms = self._terms_versions() == self.terms_versions
            (database.engine.pool if same_terms else database.engine).dispose()
        for end in ("-wal", "-shm"):
            Path(f"{self.file}{end}").unlink(missing_ok=True)
        shutil.copy(self.file.with_suffix(".kept"), self.file)

    def _terms_versions(self) -> list[int]:
        """Return which lists of terms the organisations have: what a process knows of them."""
        with self.app.app_context(), self.app.extensions["sqlalchemy"].engine.connect() as there:
            return list(there.scalars(select(Organisation.terms_version)))

    def forget(self, login: str) -> None:
        """Sign this user in anew: what was sent may have ended the session."""
        made = Browser(self.app, login)
        made.get("/away")
        self.browsers[login], self.tokens[made] = made, made.csrf()

    def browser(self, login: str | None) -> Browser:
        """Return the browser in which this user is signed in; nobody where there is no name."""
        if login not in self.browsers:
            made = Browser(self.app)
            seed, self.tokens[made] = self.seed
            made.client.set_cookie("seed", seed)
            if login is not None:
                made.client.set_cookie("day", self.world.tokens[login])
                made.uid = self.world.others[f"user:{login}"]
            self.browsers[login] = made
        return self.browsers[login]

    def address(self, line: Line, values: dict[str, str | UUID]) -> str:
        """Return the path of a page."""
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(line.endpoint, values, method=line.method)

    def call(self, who: Browser, line: Line, path: str, data: dict[str, str]) -> TestResponse:
        """Call a page as somebody."""
        if line.method == "GET":
            return who.get(path)
        return who.post(path, {"csrf_token": self.tokens[who], **data})


def plain(answer: TestResponse, *uids: object) -> bytes:
    """Return an answer without the token of its form and without the record's own address."""
    content = TOKEN.sub(b"", answer.get_data())
    for uid in uids:
        content = content.replace(str(uid).encode(), b"UID")
    return content


def missing(values: dict[str, str | UUID]) -> dict[str, str | UUID]:
    """Return the same address with uids that nobody has."""
    return {name: uuid4() if isinstance(uid, UUID) else uid for name, uid in values.items()}
