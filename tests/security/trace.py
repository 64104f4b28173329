"""What a page shows of whose sealed words, and what it left of that in the access log."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from hrdtracker.access.model import User
from hrdtracker.audit.access_log import KEY_BYTES
from hrdtracker.audit.model import Opening
from hrdtracker.core.seal import SealedRow, sealed_attributes
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.tables import MODELS
from tests.security.rows import MARK

CANARY = re.compile(rf"{MARK} ([0-9a-f]{{32}}) \d")
OF_A_BIRTH_DATE = re.compile(r"\b(85|1941|៨៥|១៩៤១)\b")
"""The age and the year of birth of everybody in the world."""
LOG = Opening.__table__


class Trace:
    """Compares a page with its lines in the access log; a data key stands for what it locks."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.engine: Engine = app.extensions["sqlalchemy"].engine

    @cached_property
    def keys(self) -> dict[str, int]:
        """Return the data key of each record whose reading leaves a line, by its uid."""
        with self.engine.connect() as connection:
            return {
                uid.hex: key
                for model in MODELS
                if issubclass(model, SealedRow) and sealed_attributes(model) and not model.untraced
                for uid, key in connection.execute(select(model.uid, model.data_key_id))
            }

    @cached_property
    def people(self) -> set[int]:
        """Return the data keys of people, of whom a page may say an age."""
        with self.engine.connect() as connection:
            return set(connection.scalars(select(Person.data_key_id)))

    @cached_property
    def scopes(self) -> dict[str, set[int | None]]:
        """Return through which cases each record is read, by its uid; a person through several."""
        scopes: dict[str, set[int | None]] = {}
        with self.engine.connect() as connection:
            for model in (each for each in MODELS if issubclass(each, SealedRow)):
                column = getattr(model, "scope_id", None)
                if column is not None:
                    for uid, scope_id in connection.execute(select(model.uid, column)):
                        scopes[uid.hex] = {scope_id}
            named = select(Person.uid, PersonScope.scope_id).join(
                PersonScope, PersonScope.person_id == Person.id
            )
            for uid, scope_id in connection.execute(named):
                scopes.setdefault(uid.hex, {None}).add(scope_id)
        return scopes

    def end(self) -> int:
        """Return the number of the last line."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.max(LOG.c.id))) or 0

    def named_after(self, last: int) -> Counter[int]:
        """Return how often the lines after one name each data key."""
        query = select(LOG.c.subject_uid, LOG.c.shown_keys).where(LOG.c.id > last)
        with self.engine.connect() as connection:
            return Counter(key for row in connection.execute(query) for key in self._named(*row))

    def wrong_after(self, last: int, reader: UUID | None) -> str:
        """Return what is wrong with the lines after one: who read, or through which case."""
        query = (
            select(User.uid, LOG.c.scope_id, LOG.c.subject_uid)
            .join(User, User.id == LOG.c.actor_id)
            .where(LOG.c.id > last)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        if any(uid != reader for uid, _, _ in rows):
            return "a line says that somebody else has read"
        if any(scope not in self._through(subject) for _, scope, subject in rows):
            return "a line names another case"
        return "two lines of one list" if sum(row[2] is None for row in rows) > 1 else ""

    def _through(self, subject: UUID | None) -> set[int | None]:
        return self.scopes.get(subject.hex, {None}) if subject else {None}

    def _named(self, uid: UUID | None, shown: bytes | None) -> Iterator[int]:
        if uid is not None:
            yield self.keys[uid.hex]
        for start in range(0, len(shown or b""), KEY_BYTES):
            yield int.from_bytes((shown or b"")[start : start + KEY_BYTES], "big")

    def shown_by(self, answer: TestResponse) -> set[int]:
        """Return the data keys of the records of which a page shows sealed words."""
        uids = CANARY.findall(answer.get_data(as_text=True))
        return {self.keys[uid] for uid in uids if uid in self.keys}

    def difference(
        self, answer: TestResponse, last: int, reader: UUID | None, *, reads_more: bool = False
    ) -> str:
        """Return how a page and its lines differ; nothing where they agree.

        A page that `reads_more` than it shows may leave lines of that, too.
        """
        shown, times = self.shown_by(answer), self.named_after(last)
        named = set(times)
        if any(times[key] > 1 for key in times):
            return "named twice"
        if wrong := self.wrong_after(last, reader):
            return wrong
        if shown - named:
            return f"{len(shown - named)} shown without a line"
        more = named - shown
        if more and OF_A_BIRTH_DATE.search(answer.get_data(as_text=True)):
            more -= self.people
        return f"{len(more)} lines of what is not shown" if more and not reads_more else ""
