"""Cases worked by hand, in a lawyer’s words, read into the facts that the clocks take."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.model import NO_TIME, Length
from hrdtracker.proceedings.facts import (
    FINE_ONLY,
    AccusedOf,
    AgeFacts,
    DatedEvent,
    ExtensionOrder,
    OffenceTier,
    Penalty,
    PrisonTerm,
    ProceedingFacts,
    StatedAge,
)
from hrdtracker.proceedings.rules.book import RuleBook
from tests.shared import csv_rows

ZONES = {"KH": "Asia/Phnom_Penh", "DE": "Europe/Berlin", "AZ": "Asia/Baku"}
EVENT_NAMES = {
    "arrest": "arrest.made",
    "trial.first_appearance_date": "trial.first_appearance",
    "arrest.date": "arrest.made",
    "de_revision.end": "revision.time_ended",
}
"""Events that the cases name otherwise than the rules do."""
UNITS = {"d": Length(0, 1), "m": Length(1), "y": Length(12)}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
Penalties = Mapping[str, Penalty]


@dataclass(frozen=True)
class GoldenCase:
    """One row, with the rules it is about."""

    row: Mapping[str, str]
    book: RuleBook
    penalties: Penalties

    @property
    def zone(self) -> ZoneInfo:
        """Return where it plays."""
        return ZoneInfo(ZONES[self.row["country"]])

    @property
    def keys(self) -> list[str]:
        """Return the rules it names; those of an older law are versions of one key here."""
        return [key.removesuffix("_old") for key in self.row["rule_keys"].split(";")]

    @property
    def said(self) -> str:
        """Return its facts in words."""
        return self.row["facts"]

    def instant(self, text: str) -> datetime:
        """Return an instant; without an offset it is the clock of the place."""
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=self.zone)

    def minute(self, text: str) -> When:
        """Return an instant as a date known to the minute, or a day known to the day."""
        if DAY.fullmatch(text):
            return When.day(date.fromisoformat(text), self.zone)
        return When.minute(self.instant(text), self.zone)

    def short(self, text: str) -> When:
        """Return “3 Jul 08:00” of the year in which the cases play."""
        at = datetime.strptime(f"2026 {text} +0700", "%Y %d %b %H:%M %z")
        return When.minute(at, self.zone)

    def has(self, pattern: str) -> str | None:
        """Return what a pattern finds in the words, its first group."""
        found = re.search(pattern, self.said)
        return found[1] if found else None


def penalties(path: Path) -> Penalties:
    """Return the penalty of each article of the Criminal Code in the list of articles."""
    rows = [row for row in csv_rows(path) if row["law"] == "Criminal Code 2009"]
    return {
        row["article"]: Penalty(
            length(row["min_imprisonment"]), length(row["max_imprisonment_base"])
        )
        for row in rows
    }


def length(text: str) -> Length | None:
    """Return “6 days”, “1 m”, “2 years”; None for anything else."""
    found = re.match(r"(\d+) ?([dmy])", text)
    if not found:
        return None
    unit = UNITS[found[2]]
    return Length(unit.months * int(found[1]), unit.days * int(found[1]))


def facts_of(case: GoldenCase) -> ProceedingFacts:
    """Return what the words of a case say."""
    return ProceedingFacts(
        zone=case.zone,
        events=tuple(_events(case)),
        charges=tuple(_charges(case)),
        age=_age(case),
        extensions=tuple(_extensions(case)),
        term=_term(case),
        flags=_flags(case),
        participants=int(case.has(r"(\d+) people") or 0) or None,
    )


def now_of(case: GoldenCase) -> datetime:
    """Return when the question is asked: at the anchor, or where the clock is paused."""
    at = case.has(r"higher court (\S+) to") or case.row["anchor_time"] or "2026-11-30T00:00:00"
    return case.instant(at)


def _events(case: GoldenCase) -> Iterator[DatedEvent]:
    name = EVENT_NAMES.get(case.row["anchor_event"], case.row["anchor_event"])
    at = case.row["anchor_time"]
    if "hour missing" in case.said:
        yield DatedEvent(name, When.day(date.fromisoformat(at[:10]), case.zone))
    elif name != "-":
        yield DatedEvent(name, case.minute(at) if at else When.unknown("?", case.zone))
    for pattern, other in EVENTS_SAID:
        when = case.has(pattern)
        if when and other != name:
            yield DatedEvent(other, case.minute(when))
    yield from _again(case, name)
    if case.has("offence (Sep 2026)"):
        yield DatedEvent("offence.date", When.month(2026, 9, case.zone))


EVENTS_SAID = (
    (r"arrest (\d\S+)", "arrest.made"),
    (r"(?<!order )offence (\d{4}-\S+?)\b(?=[ ,(]|$)", "offence.date"),
    (r"custody began ([^\s,;]+)", "custody.start"),
    (r"trial opened (\S+)", "trial.opened"),
    (r"felony, order ([^\s,]+)", "detention.order"),
    (r"\bact (\d\S+)", "prosecution.act"),
    (r"higher court (\S+) to", "higher_court.file_received"),
    (r"higher court \S+ to ([^\s,]+)", "higher_court.decided"),
    (r"released (\d[^\s,]+), detained", "detention.released"),
    (r"detained again (\S+)", "detention.order"),
)


def _again(case: GoldenCase, name: str) -> Iterator[DatedEvent]:
    """Yield a release and a second arrival, or a second police unit, as hours after the anchor."""
    released, later = case.has(r"released after (\d+) h"), case.has(r"taken again (\d+) h")
    anchor = case.row["anchor_time"]
    if case.has(r"detained again (\S+)"):
        yield DatedEvent(name, case.minute(case.has(r"detained again (\S+)") or ""))
    if released and later:
        out = case.instant(anchor) + timedelta(hours=int(released))
        back = out + timedelta(hours=int(later))
        yield DatedEvent("custody.released", When.minute(out, case.zone))
        yield DatedEvent(name, When.minute(back, case.zone))
    if "moved between posts" in case.said:
        moved = case.instant(anchor) + timedelta(hours=6)
        yield DatedEvent(name, When.minute(moved, case.zone))


FOR_IMMEDIATE_APPEARANCE = Penalty(Length(12), Length(60))
"""Who is in immediate appearance was caught in the act, for an offence of one to five years."""
CLASSES = {"misd": "misdemeanour", "felony": "felony", "petty": "petty", "genocide": "gravest"}


def _charges(case: GoldenCase) -> Iterator[AccusedOf]:
    articles = re.findall(r"(?:CC|Land Law|and) (\d+(?:-bis)?)", case.said)
    for article in articles:
        said = _penalty(case.said) if len(articles) == 1 else None
        tier = OffenceTier(penalty=said or case.penalties.get(article, Penalty()))
        yield AccusedOf(article, (tier,))
    if not articles:
        yield from _without_article(case)


def _without_article(case: GoldenCase) -> Iterator[AccusedOf]:
    unsaid = FOR_IMMEDIATE_APPEARANCE if "immediate appearance" in case.said else Penalty()
    penalty = _penalty(case.said) or unsaid
    changed = case.has(r"reclassified as misdemeanour (\d+ \w+ [\d:]+)")
    named = [word for word in CLASSES if word in case.said]
    offence_class = CLASSES[named[-1]] if named else _class_of_keys(case, penalty)
    if changed:
        since = case.short(changed)
        tiers = OffenceTier("felony"), OffenceTier("misdemeanour", since=since)
        yield AccusedOf("charge", tiers)
    elif offence_class or penalty.maximum:
        yield AccusedOf("charge", (OffenceTier(offence_class, penalty),))


def _class_of_keys(case: GoldenCase, penalty: Penalty) -> str | None:
    """Return the class of which the rules are, where the words leave it to them."""
    if penalty.maximum:
        return None
    rules = [rule for key in case.keys for rule in case.book.of_key(key)]
    classes = [max(rule.applies.classes) for rule in rules if rule.applies.classes]
    return classes[0] if classes else None


RANGES: tuple[tuple[str, Callable[[re.Match[str]], Penalty]], ...] = (
    (r"fine only", lambda _: FINE_ONLY),
    (
        r"minimum of (\d+ \w+) \(made up, maximum (\d+ \w+)\)",
        lambda found: Penalty(length(found[1]), length(found[2])),
    ),
    (r"maximum (\d+ \w+)", lambda found: Penalty(None, length(found[1]))),
    (r"(\d+ \w+)-(\d+ \w+)", lambda found: Penalty(length(found[1]), length(found[2]))),
    (
        r"\b(\d+)-(\d+) (y|m|days)\b",
        lambda found: Penalty(length(f"{found[1]} {found[3]}"), length(f"{found[2]} {found[3]}")),
    ),
)


def _penalty(text: str) -> Penalty | None:
    for pattern, read in RANGES:
        found = re.search(pattern, text)
        if found:
            return read(found)
    return None


ABOUT_CHARGES = ("custody", "ptd", "immediate", "minor", "age")


def _age(case: GoldenCase) -> AgeFacts:
    born, year = case.has(r"born (\d{4}-\d\d-\d\d)"), case.has(r"birth year (\d{4})")
    if born:
        return AgeFacts(When.day(date.fromisoformat(born), case.zone))
    if year:
        return AgeFacts(When.year(int(year), case.zone))
    about = case.has(r"about (\d+)")
    if about:
        return AgeFacts(at_offence=StatedAge(int(about) - 1, int(about) + 1, is_estimate=True))
    return _stated(case)


def _stated(case: GoldenCase) -> AgeFacts:
    at, then = case.has(r"(\d+) at the offence"), case.has(r"(\d+) during detention")
    if at and then:
        return AgeFacts(
            at_offence=StatedAge(int(at), int(at)), when_held=StatedAge(int(then), int(then))
        )
    is_about_charges = case.keys[0].startswith(ABOUT_CHARGES)
    years = case.has(r"^(\d+) years\b") if is_about_charges else None
    age = int(years) if years else 18
    return AgeFacts(at_offence=StatedAge(age, age))


COUNTS = {"third": 3, "second": 2, "two": 2}
NOT_EXTENDED = ("no extension", "no written permission")


def _extensions(case: GoldenCase) -> Iterator[ExtensionOrder]:
    said = case.said
    if not re.search("extension|permission", said) or any(none in said for none in NOT_EXTENDED):
        return
    clock = "police_custody" if case.keys[0].startswith("custody") else "pre_trial_detention"
    made = case.has(r"(?:signed|ordered early,|ordered) (\d{4}\S+)")
    ordered = case.minute(made or case.row["anchor_time"])
    short = case.has(r"permission (\d+ \w+ [\d:]+)")
    if short:
        ordered = case.short(short)
    number = next((COUNTS[word] for word in COUNTS if f"{word} extension" in said), 1)
    for _ in range(number):
        yield ExtensionOrder(clock, ordered, {"in_writing": True})


def _term(case: GoldenCase) -> PrisonTerm | None:
    if case.keys[0].startswith(ABOUT_CHARGES) and "minor" not in case.keys[0]:
        return None
    credited = case.has(r"= (\d+) days")
    found = re.match(r"\d+ (?:day|month|year)", case.said)
    whole = length(case.said) if found else Length(12)
    suspended = length(case.has(r"(\d+ months) of it suspended") or "")
    if "all suspended" in case.said:
        suspended = whole
    days = Length(days=int(credited)) if credited else NO_TIME
    return PrisonTerm(whole or Length(12), suspended or NO_TIME, days)


def _flags(case: GoldenCase) -> dict[str, bool]:
    said, key = case.said, case.keys[0]
    flags = {
        "present": key != "opposition" and not re.search("default|absent", said),
        "held_as_witness": "knows facts" in said,
        "flagrant": "immediate appearance" in said,
        "authorised_in_writing": "written authorisation" in said and "no written" not in said,
        "suspended": key.startswith("suspended"),
        "travel_ban": key.startswith("travel_ban"),
        "community_service": key.startswith("community"),
        "repetition": "repeat" in key,
        "instructed": "without instruction" not in said,
    }
    if "people" in said:
        flags["private_land_or_freedom_park"] = bool(re.search("freedom park|private", said))
    return {flag: value for flag, value in flags.items() if flag in case.book.words.flags}


def with_holidays(book: RuleBook, rows: list[dict[str, str]]) -> RuleBook:
    """Return a country’s rules with the holidays of a table of cases."""
    own = [row for row in rows if row["country"] == book.country]
    days = {date.fromisoformat(row["date"]): row["name"] for row in own}
    table = replace(book.holidays, days=days, years=frozenset(day.year for day in days))
    return replace(book, holidays=table)
