"""What a page shows of whose sealed words, and what it left of that in the access log."""

import re
from collections.abc import Iterator
from functools import cached_property
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from hrdtracker.audit.access_log import KEY_BYTES
from hrdtracker.audit.model import Opening
from hrdtracker.core.seal import SealedRow, sealed_attributes
from hrdtracker.people.model import Person
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

    def end(self) -> int:
        """Return the number of the last line."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.max(LOG.c.id))) or 0

    def named_after(self, last: int) -> set[int]:
        """Return the data keys of what the lines after one name."""
        query = select(LOG.c.subject_uid, LOG.c.shown_keys).where(LOG.c.id > last)
        with self.engine.connect() as connection:
            return {key for row in connection.execute(query) for key in self._named(*row)}

    def _named(self, uid: UUID | None, shown: bytes | None) -> Iterator[int]:
        if uid is not None:
            yield self.keys[uid.hex]
        for start in range(0, len(shown or b""), KEY_BYTES):
            yield int.from_bytes((shown or b"")[start : start + KEY_BYTES], "big")

    def shown_by(self, answer: TestResponse) -> set[int]:
        """Return the data keys of the records of which a page shows sealed words."""
        uids = CANARY.findall(answer.get_data(as_text=True))
        return {self.keys[uid] for uid in uids if uid in self.keys}

    def difference(self, answer: TestResponse, last: int, *, reads_more: bool = False) -> str:
        """Return how a page and its lines differ; nothing where they agree.

        A page that `reads_more` than it shows may leave lines of that, too.
        """
        shown, named = self.shown_by(answer), self.named_after(last)
        if shown - named:
            return f"{len(shown - named)} shown without a line"
        more = named - shown
        if more and OF_A_BIRTH_DATE.search(answer.get_data(as_text=True)):
            more -= self.people
        return f"{len(more)} lines of what is not shown" if more and not reads_more else ""
