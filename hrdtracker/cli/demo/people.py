"""The demonstration's invented people, and by whom each was recorded."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.cli.demo.timeline import TomlTable
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.line_words import Sex
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.people.service import record_person


class DemoPeople:
    """Everybody by their key in the file; whom a colleague has recorded is not recorded again."""

    def __init__(self, tables: TomlTable) -> None:
        self._tables = tables
        self._uids: dict[tuple[str, str], UUID] = {}

    def uid(self, login: str, key: str) -> UUID:
        """Return somebody whom this colleague has recorded."""
        return self._uids[login, key]

    def victim(self, login: str, key: str) -> Victim:
        """Return somebody whom this colleague has recorded already, or their description."""
        if (login, key) in self._uids:
            return Victim(known=self._uids[login, key])
        return Victim(described=_draft(self._tables[key]))

    def alleged_perpetrator(self, actor: Actor, login: str, key: str) -> UUID:
        """Return somebody alleged to have done something, recorded the first time."""
        if (login, key) not in self._uids:
            self._uids[login, key] = record_person(actor, _draft(self._tables[key])).uid
        return self._uids[login, key]

    def note_victims(self, login: str, keys: Iterable[str], incident: Incident) -> None:
        """Note whom an incident has recorded."""
        query = (
            select(Person.uid)
            .join(Violation, Violation.victim_id == Person.id)
            .where(Violation.incident_id == incident.id)
            .order_by(Violation.id)
        )
        for key, uid in zip(keys, session().scalars(query), strict=True):
            self._uids[login, key] = uid


def _draft(table: TomlTable) -> PersonDraft:
    """Return a person or group as the file describes them; their age is of the day it is said."""
    names = (
        ("as_told", table.get("km") or table.get("latin")),
        ("transliteration", table.get("latin") if "km" in table else None),
        ("monastic", table.get("monastic")),
        ("nickname", table.get("nickname")),
    )
    return PersonDraft(
        tuple(NameDraft(name, kind) for kind, name in names if name),
        unit=CountingUnit(table.get("unit", CountingUnit.PERSON)),
        sex=Sex(table["sex"]) if "sex" in table else None,
        age=table.get("age"),
        head_count=table.get("count"),
        head_count_about=table.get("about", False),
        family_count=table.get("families"),
        categories=frozenset(table.get("is", ())),
        remarks=table.get("remarks"),
        interpreter_language=table.get("interpreter"),
    )
