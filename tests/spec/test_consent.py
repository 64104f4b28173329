"""Which of several answers of a person counts: silence is never a yes, and a refusal wins."""

from itertools import product

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Sensitivity
from hrdtracker.authorised import authorised
from hrdtracker.cases import sharing
from hrdtracker.cases.consent import Consent, GivenAnswer, consents_of, record_answers
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.incidents.model import Incident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import (
    ConsentAnswer,
    ConsentGiver,
    ConsentPurpose,
    Person,
    PersonScope,
)
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
PURPOSE = ConsentPurpose.AUTHORITIES
YES, NO = ConsentAnswer.YES, ConsentAnswer.NO
OWN, LAWYER, FAMILY = ConsentGiver.PERSON, ConsentGiver.LAWYER, ConsentGiver.FAMILY


def named() -> tuple[Incident, Person]:
    """Name somebody in a new case."""
    victims = (Victim(described=PersonDraft((NameDraft("Demo A"),))),)
    incident = make.incident(victims=victims)
    scope = make.case_of(incident).scope_id
    query = select(Person).join(PersonScope, PersonScope.person_id == Person.id)
    return incident, session().scalars(query.where(PersonScope.scope_id == scope)).one()


def say(login: str, incident: Incident, person: Person, *said: tuple[str, str]) -> None:
    for answer, giver in said:
        given = GivenAnswer(
            make.case_of(incident).scope_id, person.id, ConsentAnswer(answer), ConsentGiver(giver)
        )
        record_answers(make.actor(login), [given], PURPOSE)


def counts(login: str, person: Person) -> str | None:
    found = consents_of(make.actor(login), [person.id], PURPOSE).get(person.id)
    return found.answer if found else None


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ((), None),
        (((YES, OWN),), YES),
        (((YES, LAWYER),), YES),
        (((YES, FAMILY),), YES),
        (((NO, FAMILY),), NO),
        (((YES, OWN), (NO, OWN)), NO),
        (((NO, OWN), (YES, OWN)), YES),
        (((NO, OWN), (YES, LAWYER)), YES),
        (((NO, OWN), (YES, FAMILY)), NO),
        (((NO, LAWYER), (YES, FAMILY)), NO),
        (((YES, OWN), (NO, FAMILY)), YES),
        (((YES, FAMILY), (NO, LAWYER)), NO),
        (((NO, FAMILY), (YES, FAMILY)), NO),
        (((NO, FAMILY), (YES, OWN)), YES),
    ],
)
def test_the_last_own_word_counts_and_without_one_a_refusal_outweighs_a_yes(
    said: tuple[tuple[str, str], ...], answer: str | None
) -> None:
    incident, person = named()
    say("monitor", incident, person, *said)
    assert counts("monitor", person) == answer


def test_a_refusal_counts_also_where_its_case_is_hidden_and_tells_no_more() -> None:
    incident, person = named()
    say("monitor", incident, person, (NO, OWN))
    found = consents_of(make.actor("stranger"), [person.id], PURPOSE)[person.id]
    assert (found.answer, found.statement) == (NO, None)


def test_a_yes_counts_only_for_who_reads_the_case_in_which_it_was_said() -> None:
    incident, person = named()
    say("monitor", incident, person, (YES, OWN))
    assert counts("monitor", person) == YES
    assert counts("stranger", person) is None


def hidden_case(person: Person) -> Incident:
    """Name somebody in a secret case as well, which the monitor does not read."""
    director = make.actor("director")
    incident = make.incident("director", victims=(Victim(known=person.uid),))
    case = make.case_of(incident)
    sharing.set_sensitivity(director, case, Sensitivity.SECRET, case.version)
    return incident


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("hidden", list(product((YES, NO), (OWN, LAWYER, FAMILY))))
@pytest.mark.parametrize("seen", list(product((YES, NO), (OWN, FAMILY))))
def test_what_a_hidden_case_adds_can_only_refuse(
    seen: tuple[ConsentAnswer, ConsentGiver], hidden: tuple[ConsentAnswer, ConsentGiver]
) -> None:
    incident, person = named()
    say("monitor", incident, person, seen)
    before = consents_of(make.actor("monitor"), [person.id], PURPOSE)[person.id]
    say("director", hidden_case(person), person, hidden)
    after = consents_of(make.actor("monitor"), [person.id], PURPOSE)[person.id]
    assert (before.answer, before.statement is not None) == (seen[0], True)
    outweighs = seen[0] == YES and hidden[0] == NO and (hidden[1] != FAMILY or seen[1] == FAMILY)
    assert after == (Consent(NO) if outweighs else before)


def test_nobody_records_an_answer_in_a_case_that_they_may_not_read() -> None:
    incident, person = named()
    with pytest.raises(NotAllowed):
        say("stranger", incident, person, (YES, OWN))


def test_an_answer_is_an_act_on_the_case_of_the_person() -> None:
    incident, person = named()
    say("monitor", incident, person, (YES, OWN))
    with authorised(make.actor("monitor"), Action.CONSENT_RECORD, on=make.case_of(incident)):
        pass
    assert counts("monitor", person) == YES
