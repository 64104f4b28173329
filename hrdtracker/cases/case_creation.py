"""How a case begins: its code, its scope and its key."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Scope
from hrdtracker.audit.bulk_insert import Keep, add_all, add_many
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.core.when.model import When, sort_at

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody confuses on paper or by telephone."""
TAKEN = select(Case.code).where(
    Case.organisation_id == bindparam("organisation"),
    Case.code.in_(bindparam("drawn", expanding=True)),
)
"""The query of the codes that somebody has, of those that were drawn."""


@dataclass(frozen=True)
class Beginning:
    """What a case begins with: the type, date and province of its first incident.

    They only serve lists and composed titles. A case that begins with what was not `sent` is its
    owner’s alone. `origin` is (source, id) of what came from elsewhere.
    """

    kind: str
    when: When
    province: str | None
    sent: bool
    origin: tuple[str | None, str | None] = (None, None)


def open_case(actor: Actor, office: Office, begun: Beginning) -> Case:
    """Open a case for a first incident; the actor owns it. Inside an open door."""
    return open_cases(actor, office, [begun])[0]


def open_cases(
    actor: Actor, office: Office, beginnings: Sequence[Beginning], keep: Keep = add_all
) -> list[Case]:
    """Open several cases, in as few statements as one. Inside an open door."""
    compartment = session().get_one(Compartment, office.compartment_id)
    moment = clock.now()
    keys = [ring().create() for _ in beginnings]
    scopes = [
        Scope(
            organisation_id=actor.organisation_id,
            office_id=office.id,
            owner_id=actor.id,
            compartment_id=compartment.id,
            begun_at=moment if begun.sent else None,
        )
        for begun in beginnings
    ]
    add_many(keys)
    keep(scopes)
    codes = _free_codes(actor.organisation_id, f"{office.code}-{moment.year}", len(keys))
    cases = []
    for key, scope, code, begun in zip(keys, scopes, codes, beginnings, strict=True):
        case = Case(
            organisation_id=actor.organisation_id,
            scope_id=scope.id,
            data_key_id=key.id,
            code=code,
            origin=begun.origin[0],
            origin_id=begun.origin[1],
            opened_at=moment,
            changed_at=moment,
            lead_at=moment,
            lead_precision="",
        )
        lead_with(case, begun.kind, begun.when, begun.province, moment)
        cases.append(case)
    add_many(ring().wrap(key.id, compartment) for key in keys)
    keep(cases)
    return cases


def lead_with(
    case: Case, kind: str, when: When, province: str | None, recorded_at: datetime
) -> None:
    """Let lists and the composed title of a case speak of this incident."""
    case.lead_type, case.lead_province = kind, province
    case.lead_at, case.lead_latest = sort_at(when, recorded_at), when.latest
    case.lead_precision = str(when.precision)


def office_of_work(actor: Actor, chosen: Office | None = None) -> Office:
    """Return the office for a new case of the actor's: the wanted one, or the only one.

    Raises Refused where the actor works in several offices and named none, or does not work there.
    """
    mine = offices_of_work(actor)
    if chosen is not None and chosen.id in {office.id for office in mine}:
        return chosen
    if chosen is not None or len(mine) != 1:
        raise Refused({"office": N_("Choose the office that this case belongs to.")})
    return mine[0]


def offices_of_work(actor: Actor) -> list[Office]:
    """Return the offices in which the actor may open cases; their sets of keys are read along."""
    return list(session().scalars(_of_work(actor)))


@lru_cache(maxsize=PREPARED)
def _of_work(actor: Actor) -> Select[Any]:
    """Return the query of the offices of the actor's work, and of the keys of each."""
    query = policy.visible(actor, Action.CASE_BEGIN, Office).order_by(Office.code)
    return query.join(Compartment, Compartment.id == Office.compartment_id).add_columns(Compartment)


def _free_codes(organisation_id: int, stem: str, count: int) -> list[str]:
    """Return case codes that nobody has, such as PNH-2026-K7QX."""
    free: set[str] = set()
    while len(free) < count:
        drawn = {
            f"{stem}-{''.join(secrets.choice(LETTERS) for _ in range(4))}" for _ in range(count)
        }
        wanted = {"organisation": organisation_id, "drawn": list(drawn)}
        free |= drawn - set(session().scalars(TAKEN, wanted))
    return list(free)[:count]
