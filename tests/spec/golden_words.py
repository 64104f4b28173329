"""A lawyer’s sentence about a case, clause by clause, read into the facts that the clocks take.

Each clause between two semicolons must be understood whole: one that is not raises an error.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import When, about
from hrdtracker.proceedings.counting.model import NO_TIME, Length
from hrdtracker.proceedings.facts import (
    FINE_ONLY,
    LIFE,
    UNKNOWN_AGE,
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

ZONE = ZoneInfo("Asia/Phnom_Penh")
EVENTS = {
    "arrested": "arrest.made",
    "police custody began": "custody.start",
    "arrived at the unit": "custody.arrival_at_unit",
    "released from custody": "custody.released",
    "brought to the prosecutor": "custody.ended",
    "lawyer’s visit began": "lawyer.visit_start",
    "inquiry began": "inquiry.start",
    "offence": "offence.date",
    "act of prosecution": "prosecution.act",
    "first appearance": "trial.first_appearance",
    "sent back for investigation": "trial.referred_to_prosecutor",
    "trial opened": "trial.opened",
    "detention ordered": "detention.order",
    "released from detention": "detention.released",
    "closing order kept them detained": "closing_order.detention_kept",
    "prosecutor gave the file": "prosecutor.opinion_or_file",
    "prosecutor’s opinion received": "prosecutor.opinion_received",
    "release requested": "release.last_request",
    "order notified": "order.notified",
    "chamber received the appeal": "chamber.seized",
    "judgment pronounced": "judgment.pronounced",
    "learned of the judgment": "judgment.notified_or_known",
    "judgment final": "judgment.final",
    "conviction final": "conviction.final",
    "appeal filed": "appeal.filed",
    "appeal judgment pronounced": "appeal_judgment.pronounced",
    "appeal judgment notified": "appeal_judgment.notified",
    "judgment of the Supreme Court": "supreme_judgment.pronounced",
    "sentence began": "sentence.start",
    "released from prison": "sentence.released",
    "assembly begins": "assembly.start",
    "notice of the assembly received": "assembly.notice_received",
    "arrested on a warrant": "arrest.on_warrant",
}
FLAGS: Mapping[str, Mapping[str, bool]] = {
    "present at the judgment": {"present": True},
    "absent from the judgment": {"present": False},
    "not notified": {"notified": False},
    "not notified of the appeal judgment": {"notified_of_appeal": False},
    "acquitted": {"convicted": False},
    "convicted": {"convicted": True},
    "opposition filed": {"opposed": True},
    "the accused appealed": {"appealed_by_accused": True},
    "the prosecutor appealed": {"appealed_by_prosecutor": True},
    "the civil party appealed": {"appealed_by_civil_party": True},
    "appealed in cassation": {"appealed_in_cassation": True},
    "civil party present": {"civil_party_present": True},
    "civil party absent": {"civil_party_present": False},
    "present at the appeal": {"present_at_appeal": True},
    "absent from the appeal": {"present_at_appeal": False},
    "held as a witness": {"held_as_witness": True},
    "not held as a witness": {"held_as_witness": False},
    "allowed in writing beforehand": {"authorised_in_writing": True},
    "not allowed in writing": {"authorised_in_writing": False},
    "caught in the act": {"flagrant": True},
    "not caught in the act": {"flagrant": False},
    "sentence suspended": {"suspended": True},
    "sentence not suspended": {"suspended": False},
    "community service imposed": {"community_service": True},
    "no community service": {"community_service": False},
    "ban on leaving the country": {"travel_ban": True},
    "no ban on leaving the country": {"travel_ban": False},
    "on private land or in a freedom park": {"private_land_or_freedom_park": True},
    "on a public street": {"private_land_or_freedom_park": False},
}
CLASSES = {
    "a felony": "felony",
    "a misdemeanour": "misdemeanour",
    "a petty offence": "petty",
    "one of the gravest crimes": "gravest",
}
CLOCKS = {"custody": "police_custody", "detention": "pre_trial_detention"}
WRITTEN = {" in writing": {"in_writing": True}, " orally": {"in_writing": False}, "": {}}
HOLIDAYS = re.compile(r"holidays of (\d{4}): (.+)")


def facts_in(text: str) -> ProceedingFacts:
    """Return the facts of a case; each clause adds to those before it."""
    facts = ProceedingFacts(ZONE)
    for clause in _clauses(text):
        if not HOLIDAYS.fullmatch(clause):
            facts = _with(facts, clause)
    return facts


def book_in(text: str, book: RuleBook) -> RuleBook:
    """Return the rules with the public holidays that a case names; the others have none."""
    years = [found for clause in _clauses(text) if (found := HOLIDAYS.fullmatch(clause))]
    days = {date.fromisoformat(day): "holiday" for year in years for day in _days(year[2])}
    known = frozenset(int(year[1]) for year in years)
    return replace(book, holidays=replace(book.holidays, days=days, years=known))


def instant(text: str) -> datetime:
    """Return “2026-03-02 08:00” on the clock of Cambodia."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in text.split(";")]


def _days(text: str) -> list[str]:
    return [] if text == "none" else text.split(", ")


def _with(facts: ProceedingFacts, clause: str) -> ProceedingFacts:
    if clause in FLAGS:
        return replace(facts, flags={**facts.flags, **FLAGS[clause]})
    for pattern, read in CLAUSES:
        found = re.fullmatch(pattern, clause)
        if found:
            return read(facts, found)
    raise ValueError(f"Not understood: {clause!r}")


WHENS: tuple[tuple[str, Callable[[str], When]], ...] = (
    (r"on an unknown date", lambda text: When.unknown(text, ZONE)),
    (r"\d{4}", lambda text: When.year(int(text), ZONE)),
    (r"\d{4}-\d\d", lambda text: When.month(int(text[:4]), int(text[5:]), ZONE)),
    (r"\d{4}-\d\d-\d\d", lambda text: When.day(date.fromisoformat(text), ZONE)),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d", lambda text: When.minute(instant(text), ZONE)),
    (r"about .+", lambda text: about(_when(text.removeprefix("about ")))),
    (r"between .+ and .+", lambda text: _range(*text.removeprefix("between ").split(" and "))),
)


def _when(text: str) -> When:
    for pattern, read in WHENS:
        if re.fullmatch(pattern, text):
            return read(text)
    raise ValueError(f"No date: {text!r}")


def _range(first: str, last: str) -> When:
    return When.days(date.fromisoformat(first), date.fromisoformat(last), ZONE)


def _length(text: str) -> Length:
    """Return “2 years”, “1 month and 10 days”, “life”."""
    if text == "life":
        return LIFE
    parts = re.findall(r"(\d+) (day|month|year)s?", text)
    counts = {unit: int(number) for number, unit in parts}
    return Length(12 * counts.get("year", 0) + counts.get("month", 0), counts.get("day", 0))


def _event(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    event = DatedEvent(EVENTS[found[1]], _when(found[2]))
    return replace(facts, events=(*facts.events, event))


def _charge(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    charge = AccusedOf(f"charge {len(facts.charges) + 1}", (_tier(found[1]),))
    return replace(facts, charges=(*facts.charges, charge))


def _requalified(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    *others, last = facts.charges
    tier = replace(_tier(found[1]), since=_when(found[2]))
    return replace(facts, charges=(*others, replace(last, tiers=(*last.tiers, tier))))


def _tier(text: str) -> OffenceTier:
    """Return “a felony”, “a misdemeanour of 1 year to 3 years”, “an offence of a fine only”."""
    kind, _, penalty = text.partition(" of ")
    if text in CLASSES:
        kind, penalty = text, ""
    if kind != "an offence" and kind not in CLASSES:
        raise ValueError(f"No class of offence: {kind!r}")
    return OffenceTier(CLASSES.get(kind), _penalty(penalty))


def _penalty(text: str) -> Penalty:
    if text in ("", "an unknown penalty"):
        return Penalty()
    if text == "a fine only":
        return FINE_ONLY
    most = re.fullmatch(r"up to (.+)", text)
    if most:
        return Penalty(None, _length(most[1]))
    least, most_said = text.split(" to ")
    return Penalty(_length(least), _length(most_said))


def _born(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    return replace(facts, age=AgeFacts(_when(found[1])))


def _aged(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    least, most = int(found[2]), int(found[3] or found[2])
    stated = StatedAge(least, most, is_estimate=bool(found[1]))
    if found[4] == "at the offence":
        return replace(facts, age=replace(facts.age, at_offence=stated))
    return replace(facts, age=replace(facts.age, when_held=stated))


def _extension(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    order = ExtensionOrder(CLOCKS[found[1]], _when(found[3]), WRITTEN[found[2] or ""])
    return replace(facts, extensions=(*facts.extensions, order))


def _sentence(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    return replace(facts, term=PrisonTerm(_length(found[1])))


def _suspended(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    return replace(facts, term=replace(_term(facts), suspended=_length(found[1])))


def _credited(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    return replace(facts, term=replace(_term(facts), credited=_length(found[1])))


def _in_custody(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    return replace(facts, term=replace(_term(facts), perhaps_credited=_length(found[1])))


def _term(facts: ProceedingFacts) -> PrisonTerm:
    return facts.term or PrisonTerm(NO_TIME)


def _people(facts: ProceedingFacts, found: re.Match[str]) -> ProceedingFacts:
    return replace(facts, participants=int(found[1]))


def _adult(facts: ProceedingFacts, _: re.Match[str]) -> ProceedingFacts:
    return replace(facts, age=AgeFacts(at_offence=StatedAge(30, 30)))


def _ageless(facts: ProceedingFacts, _: re.Match[str]) -> ProceedingFacts:
    return replace(facts, age=UNKNOWN_AGE)


Reader = Callable[[ProceedingFacts, re.Match[str]], ProceedingFacts]
CLAUSES: tuple[tuple[str, Reader], ...] = (
    (r"an adult", _adult),
    (r"nothing is known of the age", _ageless),
    (r"born (.+)", _born),
    (r"(probably )?aged (\d+)(?: to (\d+))? (at the offence|when held)", _aged),
    (r"charged with (.+)", _charge),
    (r"requalified as (.+), (.+)", _requalified),
    (r"(custody|detention) extended( in writing| orally)?,? (.+)", _extension),
    (r"sentenced to (.+)", _sentence),
    (r"of it (.+) suspended", _suspended),
    (r"(.+) of detention credited", _credited),
    (r"(.+) in police custody before", _in_custody),
    (r"(\d+) people", _people),
    (rf"({'|'.join(sorted(EVENTS, key=len, reverse=True))}),? (.+)", _event),
)
