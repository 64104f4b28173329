"""What courts do changes the limits in the same act: detention, charges, extensions, the law."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access.actor import operator
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job
from hrdtracker.people import service as people
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from hrdtracker.proceedings import titles
from hrdtracker.proceedings.clocks.model import Clock, ClockStanding
from hrdtracker.proceedings.clocks.recount import count_all
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.drafts.titles import OrderDraft
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.drafts import ReviewDraft
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.service import propose_review
from hrdtracker.proceedings.model import ChargeStep, OrderKind, TitleKind
from tests import courts, make
from tests.clocks import ARRIVED, adult, arrested, arrive

pytestmark = pytest.mark.usefixtures("unit")
ORDERED = ARRIVED + timedelta(hours=40)
FELONY = Qualification("kh_cc_210")


@pytest.fixture(autouse=True)
def _after_the_order() -> Iterator[None]:
    with time_machine.travel(ORDERED + timedelta(hours=2), tick=False):
        yield


def at(moment: datetime) -> When:
    return When.minute(moment, make.ZONE)


def arrested_case() -> Case:
    """Return the case of an adult who arrived at a police unit."""
    incident = arrested(adult())
    arrive(incident)
    return make.case_of(incident)


def detained(case: Case, **changes: Any) -> Any:
    """Say that a judge ordered their detention before trial."""
    values = {"kind": TitleKind.PRETRIAL_DETENTION, "began": at(ORDERED), **changes}
    return courts.held(case, **values)


def limit(name: str) -> Clock | None:
    session().expire_all()
    return session().scalars(select(Clock).where(Clock.clock == name)).one_or_none()


def limit_of(name: str) -> Clock:
    found = limit(name)
    assert found is not None
    return found


def months(count: int) -> datetime:
    """Return the same clock time so many months after the order."""
    month = ORDERED.month - 1 + count
    return ORDERED.replace(year=ORDERED.year + month // 12, month=month % 12 + 1)


def test_detention_ends_the_clock_of_police_custody_and_begins_its_own() -> None:
    case = arrested_case()
    assert limit("police_custody") is not None
    detained(case)
    assert limit("police_custody") is None
    assert limit("pre_trial_detention") is not None


def test_an_age_entered_later_counts_for_somebody_of_whom_only_a_title_is_recorded() -> None:
    unnamed_age = Victim(described=PersonDraft((NameDraft("Demo B"),)))
    case = make.case_of(make.incident(type="threat", victims=(unnamed_age,)))
    detained(case)
    assert "age" in limit_of("pre_trial_detention").asks.split()
    (person,) = session().scalars(select(Person))
    people.edit_person(make.actor("monitor"), person, adult(), person.version)
    assert "age" not in limit_of("pre_trial_detention").asks.split()


@pytest.mark.parametrize(("charge", "end"), [(FELONY, 6), (courts.INCITEMENT, 3)])
def test_how_long_detention_lasts_follows_from_what_is_charged(
    charge: Qualification, end: int
) -> None:
    case = arrested_case()
    detained(case)
    courts.charged(courts.opened(case), qualification=charge, charged=at(ORDERED))
    found = limit("pre_trial_detention")
    assert found is not None
    assert found.ends_earliest is not None
    assert found.ends_earliest <= months(end)
    assert abs(found.ends_earliest - months(end)) <= timedelta(days=2)


def test_a_charge_that_is_requalified_moves_the_limit_in_the_same_act() -> None:
    case = arrested_case()
    detained(case)
    proceeding = courts.opened(case)
    charge = courts.charged(proceeding, qualification=FELONY, charged=at(ORDERED))
    before = limit("pre_trial_detention")
    assert before is not None
    ends = before.ends_earliest
    lower = {"qualification": courts.INCITEMENT, "decided": at(ORDERED + timedelta(hours=1))}
    courts.stepped(proceeding, charge, ChargeStep.REQUALIFIED, **lower)
    after = limit("pre_trial_detention")
    assert after is not None
    assert (after.uid, after.ends_earliest == ends) == (before.uid, False)


def test_a_charge_counts_by_the_day_of_its_last_step_not_by_the_day_it_was_recorded() -> None:
    case = arrested_case()
    detained(case)
    proceeding = courts.opened(case)
    charge = courts.charged(proceeding, qualification=courts.INCITEMENT, charged=at(ORDERED))
    for hours, qualification in ((1, FELONY), (0.5, courts.INCITEMENT)):
        said = {"qualification": qualification, "decided": at(ORDERED + timedelta(hours=hours))}
        courts.stepped(proceeding, charge, ChargeStep.REQUALIFIED, **said)
    found = limit("pre_trial_detention")
    assert found is not None
    assert found.ends_earliest is not None
    assert abs(found.ends_earliest - months(6)) <= timedelta(days=2)


def test_an_extension_by_an_order_moves_the_latest_end() -> None:
    case = arrested_case()
    title = detained(case)
    courts.charged(courts.opened(case), qualification=FELONY, charged=at(ORDERED))
    before = limit("pre_trial_detention")
    assert before is not None
    ends = before.ends_latest
    order = OrderDraft(
        courts.people(case), OrderKind.EXTENSION, at(ORDERED + timedelta(hours=1)),
        in_writing=True, title=title.uid,
    )  # fmt: skip
    titles.add_orders(make.actor("monitor"), case, order)
    after = limit("pre_trial_detention")
    assert after is not None
    assert after.ends_latest is not None
    assert ends is not None
    assert after.ends_latest > ends


@pytest.mark.parametrize("title_in", [None, 0, 1])
@pytest.mark.parametrize("order_in", [None, 0, 1])
def test_an_extension_counts_for_the_ground_that_it_extends_whatever_proceeding_is_named(
    title_in: int | None, order_in: int | None
) -> None:
    case = arrested_case()
    rows = [courts.opened(case), courts.opened(case)]
    for row in rows:
        courts.charged(row, qualification=FELONY, charged=at(ORDERED))
    title = detained(case, proceeding=None if title_in is None else rows[title_in].uid)
    before = limit_of("pre_trial_detention").ends_latest
    order = OrderDraft(
        courts.people(case), OrderKind.EXTENSION, at(ORDERED + timedelta(hours=1)),
        in_writing=True, title=title.uid,
        proceeding=None if order_in is None else rows[order_in].uid,
    )  # fmt: skip
    titles.add_orders(make.actor("monitor"), case, order)
    after = limit_of("pre_trial_detention").ends_latest
    assert before is not None
    assert after is not None
    assert after > before


def test_limits_run_for_somebody_at_liberty_whom_the_courts_deal_with_and_say_so() -> None:
    case = make.case_of(make.incident(type="threat"))
    proceeding = courts.opened(case)
    courts.charged(proceeding, alleged=courts.on(2))
    found = session().scalars(select(Clock)).all()
    assert "limitation" in {one.clock for one in found}
    assert not any(one.is_held or one.stay_id for one in found)


def test_all_clocks_of_courts_counted_anew_are_those_that_are_kept() -> None:
    case = arrested_case()
    detained(case)
    courts.charged(courts.opened(case), charged=at(ORDERED), alleged=courts.on(2))
    columns = [column for column in Clock.__table__.c if column.key != "counted_at"]
    before = set(session().execute(select(*columns)))
    count_all(clock.now())
    assert set(session().execute(select(*columns))) == before
    assert {row.standing for row in before} >= {ClockStanding.RUNS}


def test_a_rule_that_a_lawyer_reviewed_counts_for_everybody_after_the_next_count() -> None:
    organisation = make.organisation()
    load_rules(operator(organisation.id), organisation)
    arrested_case()
    lawyer = make.actor("legal")
    rule = next(each for each in queries.rules(lawyer) if each.key == "custody_base")
    review = ReviewDraft("Advocate A.", date(2026, 11, 10))
    make.confirm_law("admin", propose_review(lawyer, rule, review))
    waiting = select(Job.id).where(Job.kind == JobKind.CLOCKS, Job.key.is_(None))
    assert session().scalars(waiting).all()
    count_all(clock.now())
    found = limit("police_custody")
    assert found is not None
    assert found.is_reviewed
