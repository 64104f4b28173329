"""Nobody is released on paper: a case is not closed so while the record says who is held."""

import pytest

from hrdtracker.cases.drafts import ClosingDraft
from hrdtracker.cases.model import CaseStatus
from hrdtracker.core.errors import Refused
from hrdtracker.incidents import facts
from hrdtracker.incidents.closing import close_case
from hrdtracker.incidents.drafts import VictimUpdate
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import violations_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
THREE = tuple(
    Victim(described=PersonDraft((NameDraft(name),))) for name in ("Demo A", "Demo B", "Demo C")
)


@pytest.fixture
def incident(unit: None) -> Incident:
    """Return an arrest of three people."""
    return make.incident(victims=THREE)


def say(incident: Incident, status: str, *places: int) -> None:
    """Say as the monitor what became of some of the people, by their place in the list."""
    rows = list(violations_of(incident))
    update = VictimUpdate(tuple(rows[place] for place in places), status)
    facts.update_victims(make.actor("monitor"), incident, update, incident.version)


def close(incident: Incident, outcome: str) -> None:
    case = make.case_of(incident)
    draft = ClosingDraft(outcome, "It ended.", frozenset({"land_and_natural_resources"}))
    close_case(make.actor("director"), case, draft, case.version)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("released", "held"),
        ("released", "held_trial"),
        ("convicted_and_served", "serving_sentence"),
        ("moved_abroad", "held_arbitrarily"),
    ],
)
def test_an_outcome_that_sets_people_free_is_refused_with_the_letters_of_those_held(
    incident: Incident, outcome: str, status: str
) -> None:
    say(incident, status, 0, 2)
    say(incident, "released", 1)
    with pytest.raises(Refused) as refused:
        close(incident, outcome)
    assert str(refused.value.reasons["outcome"]) == (
        "A., C.: still held. First say what became of them."
    )
    assert make.case_of(incident).status == CaseStatus.OPEN


def test_once_everybody_is_free_the_case_is_closed(incident: Incident) -> None:
    say(incident, "held", 0, 1, 2)
    say(incident, "released_on_bail", 0, 1, 2)
    close(incident, "released")
    assert make.case_of(incident).status == CaseStatus.CLOSED


@pytest.mark.parametrize("outcome", ["lost_contact", "handed_over", "ended_on_request"])
def test_another_outcome_may_leave_people_held(incident: Incident, outcome: str) -> None:
    say(incident, "held", 0)
    close(incident, outcome)
    assert make.case_of(incident).status == CaseStatus.CLOSED
