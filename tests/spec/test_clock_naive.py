"""What happens to somebody in any order comes to the same as a plain telling of it, day by day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.clocks.time_held import Spell, credited
from hrdtracker.proceedings.counting.holidays import HolidayTable
from hrdtracker.proceedings.counting.model import Length, Window
from hrdtracker.proceedings.facts import (
    AccusedOf,
    AgeFacts,
    DatedEvent,
    ExtensionOrder,
    OffenceTier,
    PrisonTerm,
    ProceedingFacts,
    StatedAge,
)
from hrdtracker.proceedings.rules.files import rule_book
from tests.spec.clock_facts import PHNOM_PENH, clock
from tests.spec.naive_limit import (
    Held,
    Told,
    custody_due,
    day_of_release,
    days_held,
    detention_due,
    last_day_to_appeal,
    last_day_to_prosecute,
)

YEARS = frozenset(range(2024, 2045))
AGES = {"14-15": 15, "16-17": 17, "18+": 18}
CLASSES = ("felony", "misdemeanour", "gravest")
PATHS = [
    *((first,) for first in CLASSES),
    *((first, then) for first in CLASSES for then in CLASSES),
    *((first, then, then) for first in CLASSES for then in CLASSES),
    *((first, first, then) for first in CLASSES for then in CLASSES),
]
"""How the class of a charge may change, and be said again."""
GAPS = st.tuples(st.integers(1, 40), st.integers(0, 3))
MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 1, 1, tzinfo=PHNOM_PENH)
minutes = st.integers(0, 4 * 366 * 24 * 60).map(lambda count: FIRST + timedelta(minutes=count))
days = st.dates(date(2026, 1, 1), date(2032, 12, 31))


@st.composite
def stays(draw: st.DrawFn, step: timedelta, orders: int) -> Held:
    """Draw somebody held, with orders and changes of the class, each at its own time.

    No charge comes back to a class that it had left: whether an extension of then would count again
    nobody can tell.
    """
    since, first = draw(minutes), draw(st.sampled_from(CLASSES))
    changes = draw(st.sampled_from([path[1:] for path in PATHS if path[0] == first]))
    gaps = draw(st.lists(GAPS, min_size=len(changes), max_size=len(changes) + orders))
    times = [since]
    for gap, extra in gaps:
        times.append(times[-1] + step * gap + MINUTE * extra)
    mixed = draw(st.permutations(times[1:]))
    changed, ordered = sorted(mixed[: len(changes)]), mixed[len(changes) :]
    told = [Told(at, new_class) for at, new_class in zip(changed, changes, strict=True)]
    told += [Told(at, in_writing=draw(st.booleans())) for at in ordered]
    return Held(since, draw(st.sampled_from(list(AGES))), first, told)


Known = Callable[[datetime], When]


def minute(at: datetime) -> When:
    """Return an instant as somebody knows it who looked at a watch."""
    return When.minute(at, PHNOM_PENH)


def roughly(at: datetime) -> When:
    """Return it as others may: to the minute, the day, the month, or not at all, by its minute."""
    others = (
        minute(at),
        When.day(at.date(), PHNOM_PENH),
        When.month(at.year, at.month, PHNOM_PENH),
        When.unknown("?", PHNOM_PENH),
    )
    return others[at.minute % len(others)]


def facts_of(held: Held, event: str, name: str, known: Known = minute) -> ProceedingFacts:
    """Return the facts of a stay as the clocks take them, each date as it is known."""
    tiers = [OffenceTier(held.offence_class)]
    changes = [one for one in sorted(held.then, key=lambda told: told.at) if one.new_class]
    tiers += [OffenceTier(one.new_class, since=known(one.at)) for one in changes]
    return ProceedingFacts(
        PHNOM_PENH,
        (DatedEvent(event, known(held.since)),),
        charges=(AccusedOf("charge", tuple(tiers)),),
        age=AgeFacts(at_offence=StatedAge(AGES[held.band], AGES[held.band])),
        extensions=tuple(
            ExtensionOrder(name, known(one.at), {"in_writing": one.in_writing})
            for one in held.then
            if not one.new_class
        ),
    )


def ends(name: str, facts: ProceedingFacts, off: frozenset[date] = frozenset()) -> set[datetime]:
    """Return both ends of a clock, in a calendar that is known."""
    book = rule_book("KH")
    table = HolidayTable(dict.fromkeys(off, "off"), YEARS)
    found = clock(name, facts, FIRST, replace(book, holidays=table))
    assert found.window
    assert found.window.earliest
    assert found.window.latest
    return {found.window.earliest, found.window.latest}


@given(stays(timedelta(hours=2), orders=3))
def test_custody_ends_when_a_plain_telling_ends_it(held: Held) -> None:
    facts = facts_of(held, "custody.arrival_at_unit", "police_custody")
    assert ends("police_custody", facts) == {custody_due(held)}


@given(stays(timedelta(days=12), orders=4))
def test_detention_ends_when_a_plain_telling_ends_it(held: Held) -> None:
    facts = facts_of(held, "detention.order", "pre_trial_detention")
    assert ends("pre_trial_detention", facts) == {detention_due(held)}


@given(st.data())
def test_what_nobody_knows_of_age_and_class_leaves_room_for_what_was_so(
    data: st.DataObject,
) -> None:
    held = data.draw(stays(timedelta(days=12), orders=0))
    told = facts_of(held, "detention.order", "pre_trial_detention")
    is_ordinary = held.offence_class != "gravest" and not held.then
    charges = () if is_ordinary and data.draw(st.booleans()) else told.charges
    found = clock("pre_trial_detention", replace(told, charges=charges, age=AgeFacts()), FIRST)
    assert found.window
    assert found.window.earliest
    assert found.window.latest
    assert found.window.earliest <= detention_due(held) <= found.window.latest


@given(days, st.sampled_from(["felony", "misdemeanour", "petty"]), st.lists(days, max_size=4))
def test_the_time_to_prosecute_ends_when_a_plain_telling_ends_it(
    offence: date, offence_class: str, acts: list[date]
) -> None:
    events = [DatedEvent("prosecution.act", When.day(act, PHNOM_PENH)) for act in acts]
    facts = ProceedingFacts(
        PHNOM_PENH,
        (DatedEvent("offence.date", When.day(offence, PHNOM_PENH)), *events),
        charges=(AccusedOf("charge", (OffenceTier(offence_class),)),),
    )
    last = last_day_to_prosecute(offence, offence_class, acts)
    assert {end.astimezone(PHNOM_PENH).date() for end in ends("limitation", facts)} == {last}


@given(minutes, st.lists(minutes, max_size=3))
def test_acts_that_are_known_roughly_leave_room_for_the_time_that_was_left(
    offence: datetime, acts: list[datetime]
) -> None:
    events = [DatedEvent("prosecution.act", roughly(act)) for act in acts]
    facts = ProceedingFacts(
        PHNOM_PENH,
        (DatedEvent("offence.date", minute(offence)), *events),
        charges=(AccusedOf("charge", (OffenceTier("petty"),)),),
    )
    window = clock("limitation", facts, FIRST).window
    last = last_day_to_prosecute(offence.date(), "petty", [act.date() for act in acts])
    assert window
    assert window.earliest
    assert window.latest
    days_left = [end.astimezone(PHNOM_PENH).date() for end in (window.earliest, window.latest)]
    assert days_left[0] <= last <= days_left[1]


@given(minutes, st.integers(1, 60), st.integers(0, 90), st.frozensets(days, max_size=8))
def test_a_sentence_ends_when_a_plain_telling_ends_it(
    since: datetime, months: int, credited: int, off: frozenset[date]
) -> None:
    term = PrisonTerm(Length(months), credited=Length(days=credited))
    facts = ProceedingFacts(PHNOM_PENH, (DatedEvent("sentence.start", minute(since)),), term=term)
    assert ends("sentence", facts, off) == {day_of_release(since, months, credited, tuple(off))}


@given(
    minutes,
    st.integers(1, 60),
    st.integers(0, 60),
    st.integers(1, 40),
    st.frozensets(days, max_size=8),
)
def test_what_is_perhaps_credited_gives_the_end_with_it_and_the_end_without_it(
    since: datetime, months: int, credited: int, perhaps: int, off: frozenset[date]
) -> None:
    term = PrisonTerm(
        Length(months), credited=Length(days=credited), perhaps_credited=Length(days=perhaps)
    )
    facts = ProceedingFacts(PHNOM_PENH, (DatedEvent("sentence.start", minute(since)),), term=term)
    told = {
        day_of_release(since, months, some, tuple(off)) for some in (credited, credited + perhaps)
    }
    assert ends("sentence", facts, off) == told


spells = st.lists(st.tuples(days, st.integers(0, 200), st.booleans()), max_size=5)


@given(days, spells)
def test_the_time_somebody_was_held_is_counted_as_by_ticking_each_day(
    start: date, held: list[tuple[date, int, bool]]
) -> None:
    drawn = [(first, first + timedelta(days=length), is_sure) for first, length, is_sure in held]
    rows = [
        Spell(whole_day(first), whole_day(after), is_sure, "detention.order")
        for first, after, is_sure in drawn
    ]
    found = credited(PrisonTerm(Length(240)), rows, (start, start))
    sure = days_held([(first, after) for first, after, is_sure in drawn if is_sure], start)
    every = days_held([(first, after) for first, after, _ in drawn], start)
    assert (found.credited.days, found.perhaps_credited.days) == (sure, every - sure)


def whole_day(day: date) -> Window | None:
    return Window.of(When.day(day, PHNOM_PENH))


@given(
    pronounced=days,
    present=st.none() | st.booleans(),
    after=st.none() | st.integers(0, 400),
    told=st.booleans(),
)
def test_the_time_to_appeal_ends_when_a_plain_telling_ends_it(
    *, pronounced: date, present: bool | None, after: int | None, told: bool
) -> None:
    notified = None if after is None else pronounced + timedelta(days=after)
    flags = {} if present is None else {"present": present}
    flags |= {"notified": notified is not None} if told else {}
    dated = {"judgment.pronounced": pronounced, "judgment.notified_or_known": notified}
    events = tuple(
        DatedEvent(name, When.day(day, PHNOM_PENH)) for name, day in dated.items() if day
    )
    found = clock("appeal_accused", ProceedingFacts(PHNOM_PENH, events, flags=flags), FIRST)
    last = last_day_to_appeal(pronounced, notified, present=present, told=told)
    earliest = found.window.earliest if found.window else None
    assert (earliest.astimezone(PHNOM_PENH).date() if earliest else None) == last


CLOCKS = [
    ("police_custody", "custody.arrival_at_unit", timedelta(hours=2), custody_due),
    ("pre_trial_detention", "detention.order", timedelta(days=12), detention_due),
]


@pytest.mark.parametrize(("name", "event", "step", "due"), CLOCKS)
@given(data=st.data())
def test_what_is_known_roughly_leaves_room_for_what_was_so(
    name: str, event: str, step: timedelta, due: Callable[[Held], datetime], data: st.DataObject
) -> None:
    held = data.draw(stays(step, orders=3))
    found = clock(name, facts_of(held, event, name, roughly), FIRST)
    window = found.window or Window(None, None)
    assert window.earliest is None or window.earliest <= due(held)
    assert window.latest is None or due(held) <= window.latest
