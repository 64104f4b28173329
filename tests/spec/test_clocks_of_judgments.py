"""What courts decide changes the limits in the same act: sentences, deadlines, presence."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.proceedings import judging, opening, titles
from hrdtracker.proceedings.clocks.model import ClockStanding
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.judgments import NotificationDraft, Sentence
from hrdtracker.proceedings.drafts.proceedings import EndDraft
from hrdtracker.proceedings.drafts.titles import TitleUpdate
from hrdtracker.proceedings.model import (
    Appellant,
    Charge,
    ChargeStep,
    LegalTitle,
    Presence,
    TitleKind,
)
from tests import courts, make
from tests.clocks import adult, arrested, arrive
from tests.tried import (
    HALF_A_YEAR,
    JUDGED,
    ORDERED,
    YEAR,
    at,
    detained,
    ends,
    judged,
    limits,
    months,
    second,
    sentenced,
    tried,
)

pytestmark = pytest.mark.usefixtures("unit")


@pytest.fixture(autouse=True)
def _after_the_judgment() -> Iterator[None]:
    with time_machine.travel(JUDGED + timedelta(hours=5), tick=False):
        yield


def working(moment: datetime) -> datetime:
    """Return the last working day on or before a day, at the same hour."""
    local = moment.astimezone(make.ZONE)
    return moment - timedelta(days=max(local.weekday() - 4, 0))


# The sentence -------------------------------------------------------------------------------------


def test_a_sentence_runs_from_the_first_day_of_an_unbroken_detention() -> None:
    sentenced(tried())
    assert ends("sentence") == (
        working(months(ORDERED, 12) - timedelta(days=2)),
        working(months(ORDERED, 12)),
    )


def test_the_part_that_is_suspended_is_not_served() -> None:
    sentenced(tried(), suspended=HALF_A_YEAR)
    assert ends("sentence")[1] == working(months(ORDERED, 6))


def test_who_was_detained_longer_than_the_sentence_is_to_be_free_at_once() -> None:
    sentenced(tried(), prison=Length(2))
    (found,) = limits("sentence")
    assert found.is_held
    assert found.ends_latest is not None
    assert found.ends_latest < clock.now()


def test_a_sentence_that_is_suspended_whole_frees_who_is_still_held() -> None:
    sentenced(tried(), suspended=YEAR)
    assert ends("sentence") == (ORDERED, ORDERED)


def test_an_earlier_detention_is_taken_off_by_its_days() -> None:
    proceeding = tried()
    case = courts.case_of(proceeding)
    (title,) = session().scalars(select(LegalTitle))
    update = TitleUpdate(ended=at(ORDERED + timedelta(days=30)))
    titles.update_title(make.actor("monitor"), title, update, title.version)
    released(case, ORDERED + timedelta(days=30), "released_on_bail")
    sentenced(proceeding, prison=HALF_A_YEAR)
    began = JUDGED + timedelta(hours=2)
    detained(case, proceeding, kind=TitleKind.SENTENCE, began=at(began))
    last = months(began, 6)
    assert ends("sentence") == (
        working(last - timedelta(days=32)),
        working(last - timedelta(days=30)),
    )


def test_a_detention_of_which_no_beginning_is_known_is_asked_for() -> None:
    incident = arrested(adult())
    arrive(incident)
    case = make.case_of(incident)
    proceeding = courts.opened(case)
    detained(case, proceeding, began=When.unknown("", make.ZONE))
    courts.charged(proceeding, qualification=courts.FELONY, charged=at(ORDERED))
    sentenced(proceeding)
    (found,) = limits("sentence")
    assert (found.ends_earliest, "detention.order" in found.asks.split()) == (JUDGED, True)


def test_a_sentence_for_life_has_no_end() -> None:
    judged(tried(), sentence=Sentence(for_life=True))
    (found,) = limits("sentence")
    assert (found.standing, found.ends_earliest) == (ClockStanding.NOT_KNOWN, None)


@pytest.mark.parametrize("how", ["pending_appeal", "pardoned", "sentence_reduced", "died"])
def test_whoever_is_free_or_dead_serves_no_sentence_any_more(how: str) -> None:
    proceeding = tried()
    sentenced(proceeding)
    assert limits("sentence")
    released(courts.case_of(proceeding), JUDGED + timedelta(hours=3), how)
    assert not limits("sentence")


def test_whoever_escaped_still_has_a_sentence_to_serve() -> None:
    proceeding = tried()
    sentenced(proceeding)
    released(courts.case_of(proceeding), JUDGED + timedelta(hours=3), "escaped")
    (found,) = limits("sentence")
    assert not found.is_held


def test_the_sentence_of_the_court_of_appeal_replaces_that_of_the_first_court() -> None:
    proceeding = tried()
    sentenced(proceeding)
    judged(
        proceeding, pronounced_by="court_of_appeal", sentence=Sentence(prison=Length(24)),
        pronounced=at(JUDGED + timedelta(hours=2)),
    )  # fmt: skip
    assert ends("sentence")[1] == working(months(ORDERED, 24))


def test_a_court_of_appeal_that_says_no_sentence_leaves_the_first_one() -> None:
    proceeding = tried()
    sentenced(proceeding)
    judged(
        proceeding,
        pronounced_by="court_of_appeal",
        pronounced=at(JUDGED + timedelta(hours=2)),
    )
    assert ends("sentence")[1] == working(months(ORDERED, 12))


def test_who_is_acquitted_has_no_sentence_and_no_appeal_of_their_own() -> None:
    proceeding = tried()
    judged(proceeding)
    (charge,) = session().scalars(select(Charge))
    courts.stepped(proceeding, charge, ChargeStep.ACQUITTED, decided=at(JUDGED))
    assert not limits("sentence")
    assert not limits("appeal_accused")
    assert limits("appeal_prosecutor")


def released(case: Case, moment: datetime, how: str) -> None:
    """End where everybody of a case is held."""
    with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=case):
        for stay in session().scalars(select(Stay).where(Stay.scope_id == case.scope_id)):
            custody.end(stay, how, at(moment))


@pytest.mark.parametrize(
    ("came", "left", "serves"),
    [(-10, None, True), (-10, 10, True), (-10, -5, False), (120, None, False), (120, 130, False)],
)
def test_a_sentence_runs_from_the_judgment_for_whoever_was_held_at_it_and_not_taken_later(
    came: int,
    left: int | None,
    serves: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    with time_machine.travel(JUDGED + timedelta(days=150), tick=False):
        incident = arrested(adult())
        (stay,) = arrive(incident, at(JUDGED + timedelta(days=came)))
        if left is not None:
            with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
                custody.end(stay, "escaped", at(JUDGED + timedelta(days=left)))
        proceeding, sentence = second(make.case_of(incident)), Sentence(prison=YEAR)
        judged(proceeding, sentence=sentence, presence=Presence.DEFAULT)
        assert bool(limits("sentence")) is serves


# Deadlines ----------------------------------------------------------------------------------------


def test_a_judgment_ends_the_detention_before_it() -> None:
    proceeding = tried()
    assert limits("pre_trial_detention")
    judged(proceeding)
    assert not limits("pre_trial_detention")


def test_who_was_present_may_appeal_for_a_month_from_the_judgment() -> None:
    judged(tried(), presence=Presence.PRESENT)
    (found,) = limits("appeal_accused")
    assert found.ends_earliest is not None
    day = months(JUDGED, 1).astimezone(make.ZONE).date()
    assert found.ends_earliest.astimezone(make.ZONE).date() == day


def test_a_judgment_by_default_that_nobody_notified_starts_no_clock() -> None:
    judged(tried(), presence=Presence.DEFAULT)
    for name in ("opposition", "appeal_accused"):
        (found,) = limits(name)
        assert (found.standing, found.ends_earliest) == (ClockStanding.NOT_STARTED, None)
        assert found.asks == "judgment.notified_or_known"


def test_the_notification_of_a_judgment_by_default_starts_the_clocks_in_the_same_act() -> None:
    proceeding = tried()
    judgment = judged(proceeding, presence=Presence.DEFAULT)
    draft = NotificationDraft(at(JUDGED + timedelta(hours=1)))
    judging.notify(make.actor("monitor"), proceeding, judgment.uid, draft, judgment.version)
    (found,) = limits("opposition")
    assert found.standing == ClockStanding.RUNS
    assert found.ends_earliest is not None
    assert (found.ends_earliest.astimezone(make.ZONE).date() - JUDGED.date()).days == 15


PROSECUTION = {"appeal_prosecutor", "appeal_prosecutor_general"}


@pytest.mark.parametrize(
    ("who", "left"),
    [
        (Appellant.ACCUSED, {"appeal_civil_party", *PROSECUTION}),
        (Appellant.PROSECUTOR, {"appeal_accused", "appeal_civil_party"}),
        (Appellant.CIVIL_PARTY, {"appeal_accused", *PROSECUTION}),
    ],
)
def test_who_appealed_has_no_deadline_any_more(who: Appellant, left: set[str]) -> None:
    proceeding = tried()
    judgment = judged(proceeding)
    courts.appealed(proceeding, judgment, appellant=who, filed=at(JUDGED + timedelta(hours=1)))
    assert {name for name in APPEALS if limits(name)} == left


APPEALS = (
    "appeal_accused", "appeal_prosecutor", "appeal_civil_party", "appeal_prosecutor_general",
)  # fmt: skip


def test_after_the_judgment_on_appeal_only_the_supreme_court_is_left() -> None:
    proceeding = tried()
    judged(proceeding)
    later = at(JUDGED + timedelta(hours=2))
    judged(proceeding, pronounced_by="court_of_appeal", pronounced=later)
    assert not any(limits(name) for name in APPEALS)
    assert limits("cassation")


def test_a_suspended_sentence_has_its_window_once_the_judgment_is_final() -> None:
    proceeding = tried()
    sentenced(proceeding, suspended=HALF_A_YEAR)
    assert not limits("suspended_window")
    draft = EndDraft(at(JUDGED + timedelta(hours=3)), "final_judgment")
    opening.end_proceeding(make.actor("monitor"), proceeding, draft, proceeding.version)
    (found,) = limits("suspended_window")
    assert found.ends_earliest is not None
    assert found.ends_earliest.year == JUDGED.year + 5
