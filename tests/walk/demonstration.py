"""The demonstration as the walk needs it: everybody signed in, a fresh copy for each sending."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
    update,
)
from werkzeug.test import Client

from hrdtracker.access.action import Action
from hrdtracker.access.model import Organisation
from hrdtracker.accounts import sessions, staff
from hrdtracker.accounts.model import LoginSession
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import side_transaction
from hrdtracker.cli.demo import organisation
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.seal import ring
from hrdtracker.forms.fund.money.reports import months_before
from hrdtracker.tables import MODELS
from tests import make
from tests.postgres import Cluster

COOKIES = ("day", "seed")
STRANGER = "monitor"
"""Whose name and password somebody types who is not signed in."""
PRESENT, BASE = "walked", "walked_base"
Cookies = Mapping[str, str]


@dataclass(frozen=True)
class Spot:
    """Where something can be done: in which database, by which browser."""

    database: str
    cookies: tuple[tuple[str, str], ...]


def _kinds() -> CompoundSelect[Any]:
    """Return the question of which table a uid is in, and with which status."""
    wanted: BindParameter[UUID] = bindparam("uids", expanding=True)
    asked = []
    for model in MODELS:
        columns = model.__table__.columns
        if "uid" in columns:
            status = columns.get("status", columns.get("state", literal("")))
            if "emergency" in columns:
                status = case((columns["emergency"], status + " emergency"), else_=status)
            row = select(columns["uid"], literal(model.__tablename__), status)
            asked.append(row.where(columns["uid"].in_(wanted)))
    return union_all(*asked)


_KINDS = _kinds()
A_DAY = timedelta(days=1)
"""For so long everybody has shown who they are: a walk may take longer than a proof lasts."""


class Files:
    """Copies of a database that is one file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def copy(self, source: str, target: str) -> None:
        """Put a copy in the place of another."""
        for end in ("", "-wal", "-shm"):
            self._path(target + end).unlink(missing_ok=True)
        shutil.copy(self._path(source), self._path(target))

    def _path(self, name: str) -> Path:
        return self.file.with_name(name.replace(PRESENT, self.file.name))


class Databases:
    """Copies of a database of a server."""

    def __init__(self, server: Cluster) -> None:
        self.server = server

    def copy(self, source: str, target: str) -> None:
        """Put a copy in the place of another."""
        self.server.drop(target)
        self.server.create(target, source)


class Demonstration:
    """The application with the demonstration's data, and whoever works in it."""

    def __init__(self, app: Flask, folder: Path, copies: Files | Databases) -> None:
        self.app, self.copies = app, copies
        told = json.loads((folder / "accounts.json").read_text("utf-8"))
        self.passwords = {each["user_name"]: each["password"] for each in told}
        self.tokens = dict(self._sign_in())
        self._dirty, self._kept, self._same_terms = BASE, 0, True
        self._let_go()
        copies.copy(PRESENT, BASE)

    def own(self, login: str | None) -> dict[str, str]:
        """Return what only this person knows; nobody knows what a monitor does, and a code."""
        known = login or STRANGER
        month = months_before(clock.now().date())[10]
        return {
            "login": known,
            "password": self.passwords[known],
            "code": self.code,
            "eleven_months_ago": f"{month:%Y-%m}",
        }

    def _sign_in(self) -> Iterator[tuple[str, str]]:
        with self.app.app_context(), unit_of_work(make.open_session(self.app)):
            ring().load(session().scalars(select(Organisation.data_key_id)))
            self.code = staff.invite_again(make.actor("admin"), make.user(organisation.INVITED[0]))
            for login in self.passwords:
                sessions.begin(make.user(login), "Another device")
                yield login, sessions.begin(make.user(login), "Test")
            later = update(LoginSession).values(proven_at=clock.now() + A_DAY)
            side_transaction(lambda: session().connection().execute(later))

    def begin(self, login: str | None) -> Spot:
        """Return somebody's browser at the beginning; without a name nobody is signed in."""
        return Spot(BASE, (("day", self.tokens[login]),) if login else ())

    def client(self, spot: Spot) -> Client:
        """Open somebody's browser on the database of its spot."""
        if spot.database != self._dirty:
            self._let_go()
            self.copies.copy(spot.database, PRESENT)
            self._dirty = spot.database
        client = self.app.test_client()
        for name, value in spot.cookies:
            client.set_cookie(name, value)
        return client

    def changed(self, verbs: Iterable[str]) -> None:
        """Note that the present copy is no longer what it was copied from."""
        self._dirty, self._same_terms = "", Action.TERM_CHANGE not in verbs

    def keep(self, client: Client) -> Spot:
        """Keep the present database and a browser, to go on from there later."""
        self._kept += 1
        name = f"{PRESENT}_{self._kept}"
        self._let_go()
        self.copies.copy(PRESENT, name)
        self._dirty = name
        return Spot(name, cookies_of(client))

    def _let_go(self) -> None:
        """Close every connection; what the process knows of the lists of terms stays, if it can."""
        with self.app.app_context():
            database = self.app.extensions["sqlalchemy"]
            database.session.remove()
            if self._same_terms:
                database.engine.pool.dispose()
            else:
                database.engine.dispose()
        self._same_terms = True

    def kinds(self, uids: Iterable[str]) -> dict[str, str]:
        """Return what each of these records is, with its status where it has one."""
        query = _KINDS.params(uids=[UUID(uid) for uid in uids])
        with self.app.app_context(), unit_of_work(make.open_session(self.app)):
            return {
                str(uid): f"{table} {status}".strip()
                for uid, table, status in session().execute(query)
            }

    def last_entry(self) -> int:
        """Return the number of the trail's last entry."""
        with self.app.app_context(), unit_of_work(make.open_session(self.app)):
            return session().scalar(select(func.max(AuditEntry.seq))) or 0

    def entries(self, after: int) -> list[tuple[str, str]]:
        """Return verbs and outcomes of what stands on the trail since."""
        query = (
            select(AuditEntry.action, AuditEntry.outcome)
            .where(AuditEntry.seq > after)
            .order_by(AuditEntry.seq)
        )
        with self.app.app_context(), unit_of_work(make.open_session(self.app)):
            return [tuple(row) for row in session().execute(query)]  # type: ignore[misc]


def cookies_of(client: Client) -> tuple[tuple[str, str], ...]:
    """Return what a browser holds."""
    held = ((name, client.get_cookie(name)) for name in COOKIES)
    return tuple((name, cookie.value) for name, cookie in held if cookie is not None)
