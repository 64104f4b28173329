"""The tables that a person reviewed, and what the policy says in their place."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, operator, worker
from hrdtracker.access.model import Block, Office, Organisation, Scope, User
from hrdtracker.accounts.model import LoginSession, Proposal
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.duty.model import DutyDay
from hrdtracker.fund.model import (
    Complaint,
    Disclosure,
    Donor,
    DonorGrant,
    Payment,
    SupportRequest,
    Voucher,
)
from hrdtracker.incidents.model import ImportBatch, Incident, Source
from hrdtracker.notices.model import Notice
from hrdtracker.outbox.model import Job
from hrdtracker.people.model import AgeStatement, Contact, Person
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday
from hrdtracker.proceedings.model import (
    AccusedAnswer,
    Charge,
    CourtOrder,
    DefenceRequest,
    Hearing,
    HearingAnswer,
    Judgment,
    LegalTitle,
    Party,
    Proceeding,
    TrialObservation,
)
from tests import make
from tests.security.fund_rows import STAND_IN
from tests.security.world import ROLES, WAITING, World, home

FOLDER = Path(__file__).parent
OPERATOR, NO_ROLE, BOARD, STANDS_IN, WORKER, SECOND, WAITS = (
    "o", "x", "b", "s", "w", "z", "q",
)  # fmt: skip
LETTERS = "".join(ROLES) + OPERATOR + NO_ROLE + BOARD + STANDS_IN + WORKER + SECOND + WAITS
MODELS: dict[str, type[Any]] = {
    "scope": Scope,
    "case": Case,
    "incident": Incident,
    "draft": Incident,
    "helped": Incident,
    "import": ImportBatch,
    "source": Source,
    "named_source": Source,
    "person": Person,
    "age_statement": AgeStatement,
    "draft_person": Person,
    "clock": Clock,
    "contact": Contact,
    "draft_contact": Contact,
    "proceeding": Proceeding,
    "party": Party,
    "charge": Charge,
    "title": LegalTitle,
    "hearing": Hearing,
    "observation": TrialObservation,
    "hearing_answer": HearingAnswer,
    "accused_answer": AccusedAnswer,
    "judgment": Judgment,
    "court_order": CourtOrder,
    "request_of_defence": DefenceRequest,
    "organisation": Organisation,
    "office": Office,
    "user": User,
    "proposal": Proposal,
    "duty": DutyDay,
    "rule": LegalRuleVersion,
    "holiday": PublicHoliday,
    **dict.fromkeys(
        (
            "case_act",
            "recovery_act",
            "unblock_act",
            "appeal_act",
            "tie_act",
            "replace_act",
            "untold_act",
        ),
        Proposal,
    ),
    "own_block": Block,
    "session": LoginSession,
    "notice": Notice,
    "job": Job,
    **dict.fromkeys(
        (
            "request",
            "request_draft",
            "request_verified",
            "request_approved",
            "request_carried",
            "request_passed",
        ),
        SupportRequest,
    ),
    **dict.fromkeys(
        (
            "payment",
            "payment_over",
            "payment_asked",
            "payment_verified",
            "payment_approved",
            "payment_carried",
            "payment_released",
            "payment_passed",
        ),
        Payment,
    ),
    **dict.fromkeys(("complaint", "complaint_carried"), Complaint),
    **dict.fromkeys(("voucher", "voucher_other", "book_voucher"), Voucher),
    "donor": Donor,
    "grant": DonorGrant,
    **dict.fromkeys(("told_money", "told_people", "told_courts"), Disclosure),
}

OUTSIDERS = {
    OPERATOR: OPERATOR,
    NO_ROLE: "nobody",
    BOARD: "board",
    STANDS_IN: STAND_IN,
    SECOND: "second",
    WAITS: WAITING,
    WORKER: WORKER,
}
"""Who stands for each letter that is no role."""


@dataclass(frozen=True)
class Question:
    """One line of a table: who may do `action` to `record`; `cells` maps a place to the roles."""

    action: Action
    record: str
    cells: tuple[tuple[str, str], ...]

    @property
    def model(self) -> type[Any]:
        """Return the kind of record."""
        return MODELS[self.record.split(":")[0]]

    def __str__(self) -> str:
        return f"{self.action}-{self.record}"


@cache
def questions() -> tuple[Question, ...]:
    """Return every line of both tables."""
    found = []
    for name in ("relations", "others"):
        for line in read(name):
            action, record = Action(line.pop("action")), line.pop("record")
            found.append(Question(action, record, tuple(line.items())))
    return tuple(found)


def read(name: str) -> list[dict[str, str]]:
    """Return the lines of a table."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@cache
def actor_of(_world: int, login: str) -> Actor:
    """Return somebody as they act; the same world has the same people."""
    machine = {OPERATOR: operator, WORKER: worker}.get(login)
    return machine(home().id) if machine else make.actor(login)


def answers(world: World, question: Question) -> dict[str, str]:
    """Return, place by place, the roles that the policy lets do it."""
    return {place: "".join(_may(world, question, place)) for place, _ in question.cells}


def wrong(world: World, question: Question) -> dict[str, str]:
    """Return where the policy differs from the table: place -> the roles that it lets."""
    found: dict[str, str] = {}
    said = dict(question.cells)
    for letter in LETTERS:
        for login, places in _by_person(world, question, letter).items():
            actor = actor_of(id(world), login)
            model = question.model
            query = select(model.uid).where(
                policy.condition(actor, question.action, model), model.uid.in_(places.values())
            )
            allowed = set(session().scalars(query))
            for place, uid in places.items():
                if (uid in allowed) != (letter in said[place]):
                    found[place] = found.get(place, "") + letter
    return found


def _may(world: World, question: Question, place: str) -> Iterator[str]:
    for letter in LETTERS:
        for login, places in _by_person(world, question, letter).items():
            if place in places:
                actor, model = actor_of(id(world), login), question.model
                rule = policy.condition(actor, question.action, model)
                if session().scalar(select(model.id).where(rule, model.uid == places[place])):
                    yield letter


def _by_person(world: World, question: Question, letter: str) -> dict[str, dict[str, UUID]]:
    """Return the records that a line asks of a role: user name -> place -> uid."""
    found: dict[str, dict[str, UUID]] = {}
    for place, _ in question.cells:
        login = OUTSIDERS.get(letter) or world.who(letter, place)
        uid = uid_of(world, question.record, letter, place, login)
        if uid is not None:
            found.setdefault(login, {})[place] = uid
    return found


def uid_of(world: World, record: str, letter: str, place: str, login: str) -> UUID | None:
    """Return the record that a cell is about; None where there is none for that role."""
    if ":" not in record:
        about = world.records.get((letter if letter in ROLES else "A", place), {})
        return about.get(record)
    mine = {"*": letter, "self": login}
    name = ":".join(mine.get(word, word) for word in record.split(":"))
    return world.others[name] if letter in ROLES else world.others.get(name)
