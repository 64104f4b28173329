"""How a case begins: its code, its scope and its key."""

import secrets
from datetime import datetime

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Role, Scope
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.core.when import When, sort_at

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody confuses on paper or by telephone."""


def open_case(actor: Actor, office: Office, kind: str, when: When, province: str | None) -> Case:
    """Open a case for a first incident; the actor owns it. Inside an open door.

    `kind` is an incident type, `province` a code; both only serve lists and composed titles.
    """
    compartment = session().get_one(Compartment, office.compartment_id)
    key = ring().create()
    scope = Scope(
        organisation_id=actor.organisation_id,
        office_id=office.id,
        owner_id=actor.id,
        compartment_id=compartment.id,
    )
    session().add_all([key, scope])
    session().flush()
    session().add(ring().wrap(key.id, compartment))
    moment = clock.now()
    case = Case(
        organisation_id=actor.organisation_id,
        scope_id=scope.id,
        data_key_id=key.id,
        code=_free_code(actor.organisation_id, office.code, moment.year),
        opened_at=moment,
        changed_at=moment,
        lead_at=moment,
        lead_precision="",
    )
    lead_with(case, kind, when, province, moment)
    session().add(case)
    session().flush()
    return case


def lead_with(
    case: Case, kind: str, when: When, province: str | None, recorded_at: datetime
) -> None:
    """Let lists and the composed title of a case speak of this incident."""
    case.lead_type, case.lead_province = kind, province
    case.lead_at, case.lead_latest = sort_at(when, recorded_at), when.latest
    case.lead_precision = str(when.precision)


def office_of_work(actor: Actor, wanted: Office | None = None) -> Office:
    """Return the office for a new case of the actor's: the wanted one, or the only one.

    Raises Refused where the actor works in several offices and named none, or does not work there.
    """
    mine = offices_of_work(actor)
    if wanted is not None and wanted.id in {office.id for office in mine}:
        return wanted
    if wanted is not None or len(mine) != 1:
        raise Refused({"office": N_("Choose the office that this case belongs to.")})
    return mine[0]


def offices_of_work(actor: Actor) -> list[Office]:
    """Return the offices in which the actor may open cases."""
    everywhere = actor.everywhere(Role.MONITOR) or actor.everywhere(Role.DIRECTOR)
    mine = actor.offices(Role.MONITOR) | actor.offices(Role.DIRECTOR)
    query = select(Office).where(Office.organisation_id == actor.organisation_id)
    if not everywhere:
        query = query.where(Office.id.in_(mine))
    return list(session().scalars(query.order_by(Office.code)))


def _free_code(organisation_id: int, office: str, year: int) -> str:
    """Return a case code that nobody has, such as PNH-2026-K7QX."""
    while True:
        code = f"{office}-{year}-{''.join(secrets.choice(LETTERS) for _ in range(4))}"
        taken = select(Case.id).where(Case.organisation_id == organisation_id, Case.code == code)
        if session().scalar(taken) is None:
            return code
