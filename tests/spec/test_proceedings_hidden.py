"""What somebody does in a proceeding ends alike where it concerns a case that is hidden to them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import joining, parties
from hrdtracker.proceedings.drafts.proceedings import PartiesDraft
from hrdtracker.proceedings.model import PartyRole, Proceeding
from tests import courts, make
from tests.written import Act
from tests.written_courts import COURT_ACTS
from tests.written_defence import DEFENCE_ACTS

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
BY_NAME = {act.name: act for act in (*COURT_ACTS, *DEFENCE_ACTS) if ":" not in act.name}
EVERY = {
    **BY_NAME,
    "separate: everybody": replace(
        BY_NAME["separate"],
        draft=lambda row: replace(BY_NAME["separate"].draft(row), parties=courts.parties(row)),
    ),
}


def _hide(row: Proceeding) -> None:
    """Let a proceeding concern a case of another office as well, against whoever is named there."""
    there = courts.case_with(1, "stranger")
    courts.tied(row, there)
    accused = tuple(Victim(known=uid) for uid in courts.people(there))
    draft = PartiesDraft(PartyRole.ACCUSED, accused)
    parties.add_parties(make.actor("stranger"), row, there, draft)


def _ends(act: Act, *, is_hidden: bool) -> str:
    """Return how an act of the monitor ends: done, or with which sentence."""
    record = act.prepare()
    draft = act.draft(record)
    first = session().scalars(select(Proceeding).order_by(Proceeding.id).limit(1)).first()
    if is_hidden and first is not None:
        _hide(first)
    try:
        act.write(record, draft)
    except (Refused, WrongStatus) as why:
        session().rollback()
        return repr(getattr(why, "reasons", why))
    return "done"


@pytest.mark.parametrize("name", EVERY)
def test_no_act_tells_of_a_hidden_case_of_the_proceeding(name: str) -> None:
    assert _ends(EVERY[name], is_hidden=True) == _ends(EVERY[name], is_hidden=False)


def test_who_may_be_joined_with_does_not_follow_from_a_hidden_case() -> None:
    first, second = (courts.opened(courts.case_with(1)) for _ in range(2))
    there = courts.case_with(1, "stranger")
    courts.tied(first, there)
    courts.tied(second, there)
    assert joining.can_take(make.actor("monitor"), first) == []
