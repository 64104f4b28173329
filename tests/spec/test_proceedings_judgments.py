"""Judgments about several accused at once: sentence, notification, appeals; what cannot be."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, Stale
from hrdtracker.core.money import Money
from hrdtracker.core.sending import Sending
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import judging, parties
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.judgments import (
    NotificationDraft,
    Sentence,
)
from hrdtracker.proceedings.drafts.proceedings import PartiesDraft
from hrdtracker.proceedings.guarding import part_in
from hrdtracker.proceedings.model import (
    Judgment,
    PartyRole,
    Presence,
    Proceeding,
)
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from tests import courts, make
from tests.courts import appealed, judged

pytestmark = pytest.mark.usefixtures("unit")
TWO_YEARS = Length(24)


def _notified(proceeding: Proceeding, judgment: Judgment, day: int) -> None:
    draft = NotificationDraft(courts.on(day))
    judging.notify(make.actor("monitor"), proceeding, judgment.uid, draft, judgment.version)


def test_several_are_judged_at_once_each_with_a_judgment_of_their_own() -> None:
    proceeding = courts.opened(courts.case_with(3))
    sentence = Sentence(prison=TWO_YEARS, suspended=Length(6), fine=Money(200_000_000, "KHR"))
    judged(proceeding, sentence=sentence, presence=Presence.DEFAULT)
    lines = proceeding_details(make.actor("monitor"), proceeding.uid).parties
    rows = [line.judgments[0].judgment for line in lines]
    assert {(row.prison_months, row.suspended_months) for row in rows} == {(24, 6)}
    assert {(row.fine, row.fine_currency, row.presence) for row in rows} == {
        (200_000_000, "KHR", "default")
    }


def test_a_form_sent_twice_judges_once() -> None:
    proceeding = courts.opened(courts.case_with(1))
    sending = Sending(uuid4(), "x")
    assert judged(proceeding, sending=sending).uid == judged(proceeding, sending=sending).uid
    assert session().scalar(select(func.count()).select_from(Judgment)) == 1


def test_a_witness_is_not_judged() -> None:
    case = courts.case_with(2)
    first, second = courts.people(case)
    proceeding = courts.opened(case, accused=(first,))
    draft = PartiesDraft(PartyRole.WITNESS, (Victim(known=second),))
    parties.add_parties(make.actor("monitor"), proceeding, case, draft)
    assert make.refused(lambda: judged(proceeding)) == {"parties"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parties": ()}, "parties"),
        ({"pronounced_by": ""}, "pronounced_by"),
        ({"pronounced_by": "nowhere"}, "pronounced_by"),
        ({"notified": courts.on(12)}, "notified"),
        ({"pronounced": courts.on(30, 12)}, "pronounced"),
        ({"sentence": Sentence(for_life=True, prison=TWO_YEARS)}, "for_life"),
        ({"sentence": Sentence(suspended=Length(1))}, "suspended_years"),
        ({"sentence": Sentence(prison=Length(6), suspended=TWO_YEARS)}, "suspended_years"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes: dict[str, Any], field: str) -> None:
    proceeding = courts.opened(courts.case_with(1))
    assert make.refused(lambda: judged(proceeding, **changes)) == {field}


def test_who_was_not_notified_is_notified_later_and_not_before_it_was_pronounced() -> None:
    proceeding = courts.opened(courts.case_with(1))
    judgment = judged(proceeding)
    assert make.refused(lambda: _notified(proceeding, judgment, 12)) == {"notified"}
    _notified(proceeding, judgment, 21)
    assert session().get_one(Judgment, judgment.id).notified == courts.on(21)
    with pytest.raises(Stale):
        judging.notify(
            make.actor("monitor"), proceeding, judgment.uid, NotificationDraft(courts.on(21)), 1
        )


def test_a_judgment_of_another_proceeding_is_not_found() -> None:
    proceeding, other = (courts.opened(courts.case_with(1)) for _ in range(2))
    judgment = judged(proceeding)
    with pytest.raises(NotFound):
        _notified(other, judgment, 21)
    assert make.refused(lambda: appealed(other, judgment)) == {"judgments"}


def test_somebody_who_does_not_read_the_case_notifies_nobody_of_its_judgments() -> None:
    proceeding = courts.opened(courts.case_with(1))
    judgment = judged(proceeding)
    with pytest.raises(NotFound):
        part_in(make.actor("stranger"), proceeding, Judgment, judgment.uid)


def test_a_judgment_is_appealed_once_it_was_pronounced() -> None:
    proceeding = courts.opened(courts.case_with(1))
    judgment = judged(proceeding)
    assert make.refused(lambda: appealed(proceeding, judgment, filed=courts.on(12))) == {"filed"}
    appealed(proceeding, judgment)
    (line,) = proceeding_details(make.actor("monitor"), proceeding.uid).parties
    assert [each.appellant for each in line.judgments[0].appeals] == ["accused"]


def test_an_appeal_of_no_judgment_is_refused() -> None:
    proceeding = courts.opened(courts.case_with(1))
    judgment = judged(proceeding)
    assert make.refused(lambda: appealed(proceeding, judgment, judgments=())) == {"judgments"}
    missing = (uuid4(),)
    assert make.refused(lambda: appealed(proceeding, judgment, judgments=missing)) == {"judgments"}


def test_the_length_of_a_sentence_lies_closed_in_the_database() -> None:
    proceeding = courts.opened(courts.case_with(1))
    judged(proceeding, sentence=Sentence(prison=TWO_YEARS))
    kept = session().connection().exec_driver_sql("SELECT prison_months_closed FROM judgment")
    assert bytes(kept.scalar_one()) not in {b"24", b""}
