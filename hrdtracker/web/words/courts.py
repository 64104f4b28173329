"""Cases before the courts in the reader’s words: laws, penalties, steps of a charge."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_
from hrdtracker.core.money import Money
from hrdtracker.proceedings.model import ChargeOutcome, ChargeStep, Judgment, Proceeding
from hrdtracker.proceedings.reading.of_case import ListedProceeding, proceedings_of
from hrdtracker.proceedings.reading.proceeding import PartyLine
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.shell.people import say_letter, say_size

MONTHS_IN_YEAR = 12
KINDS = {
    ChargeStep.ADDED: "open",
    ChargeStep.REQUALIFIED: "open",
    ChargeStep.DROPPED: "closed",
    ChargeStep.DISMISSED: "closed",
    ChargeStep.CONVICTED: "urgent",
    ChargeStep.ACQUITTED: "closed",
}
"""What the badge of a charge looks like, by its last step."""


@dataclass(frozen=True)
class ProceedingLine:
    """A proceeding as the page of a case says it in a line."""

    title: str
    meta: str
    url: str
    kind: str
    word: str


def proceeding_lines(actor: Actor, scope_id: int) -> Sequence[ProceedingLine]:
    """Return the proceedings of a case in lines, those that go on first."""
    rows = proceedings_of(actor, scope_id)
    return [_line(row, title) for row, title in zip(rows, _told_apart(rows), strict=True)]


def proceeding_choices(actor: Actor, scope_id: int) -> list[tuple[str, str]]:
    """Return the proceedings of a case as choices, in the words of its page."""
    rows = proceedings_of(actor, scope_id)
    return [(row.uid.hex, title) for row, title in zip(rows, _told_apart(rows), strict=True)]


def _told_apart(rows: Sequence[ListedProceeding]) -> list[str]:
    """Return what proceedings of one case are called; those called the same are numbered."""
    titles = [say_proceeding(row) for row in rows]
    every, so_far, said = Counter(titles), Counter[str](), []
    for title in titles:
        so_far[title] += 1
        place = number(so_far[title])
        numbered = gettext("%(place)s. %(proceeding)s", place=place, proceeding=title)
        said.append(str(numbered) if every[title] > 1 else title)
    return said


def _line(row: ListedProceeding, title: str) -> ProceedingLine:
    accused = ngettext(
        "%(count)s accused", "%(count)s accused", row.accused, count=number(row.accused)
    )
    ended = say_term("proceeding_end", row.end_kind)
    return ProceedingLine(
        title=title,
        meta=" · ".join(filter(None, (accused, ended))),
        url=url_for("proceedings.proceeding", uid=row.uid),
        kind="closed" if ended else "open",
        word=gettext("Ended") if ended else gettext("Goes on"),
    )


def say_term(codelist: str, code: str | None) -> str:
    """Return the label of a code in the reader’s language."""
    return terms().label(codelist, code, locale())


def say_proceeding(row: Proceeding | ListedProceeding) -> str:
    """Return what a proceeding is called: its stage, and its court where that is known."""
    stage = say_term("proceeding_stage", row.stage)
    court = say_term("court", row.court)
    return str(gettext("%(stage)s, %(court)s", stage=stage, court=court)) if court else stage


def say_party(line: PartyLine) -> str:
    """Return the letter of somebody in a proceeding, and as what they stand in it."""
    role = say_term("party_role", line.party.role)
    return f"{say_letter(line.letter)}. ({role})"


def say_about(line: PartyLine) -> str:
    """Return what tells somebody apart: sex, age, how many they are; their lawyers."""
    person = line.person
    age = number(person.age) if person.age is not None else ""
    lawyers = [row.name or "" for row in line.lawyers if row.ended is None]
    defended = gettext("Lawyer: %(names)s", names=", ".join(lawyers)) if lawyers else ""
    return ", ".join(filter(None, (word(person.sex), age, say_size(person), defended)))


def say_law(step: ChargeOutcome) -> str:
    """Return as what somebody is charged: law, article and title; with the words as written."""
    law = say_term("provision", step.provision)
    return " · ".join(part for part in (law, step.provision_words or "") if part)


def say_penalty(step: ChargeOutcome) -> str:
    """Return the imprisonment that a charge carried then: “6 months to 2 years”."""
    least, most = say_term_length(step.least), say_term_length(step.most)
    if least and most:
        return str(gettext("%(least)s to %(most)s", least=least, most=most))
    return str(gettext("up to %(most)s", most=most)) if most else least


def say_sentence(row: Judgment) -> str:
    """Return what a judgment imposed: prison, how much of it suspended, fine and damages."""
    prison = gettext("life") if row.for_life else say_length(row.prison_months, row.prison_days)
    suspended = say_length(row.suspended_months, row.suspended_days)
    money = [
        (N_("fine of %(sum)s"), row.fine, row.fine_currency),
        (N_("damages of %(sum)s"), row.damages, row.damages_currency),
    ]
    parts = [
        gettext("prison: %(length)s", length=prison) if prison else "",
        gettext("%(length)s of it suspended", length=suspended) if suspended else "",
        *(
            gettext(text, sum=number(Money(amount, currency)))
            for text, amount, currency in money
            if amount is not None and currency is not None
        ),
    ]
    return ", ".join(str(part) for part in parts if part)


def say_length(months: int | None, days: int | None) -> str:
    """Return a length in years, months and days, as far as it has them."""
    years, rest = divmod(months or 0, MONTHS_IN_YEAR)
    counted = ((years, "years"), (rest, "months"), (days or 0, "days"))
    return " ".join(say_term_length(f"{count} {unit}") for count, unit in counted if count)


def say_term_length(kept: str | None) -> str:
    """Return a length as the list of provisions writes it, such as “6 months” or “life”."""
    if not kept:
        return ""
    count, _, unit = kept.partition(" ")
    if not count.isdecimal():
        return str(gettext("life"))
    shown, amount = number(int(count)), int(count)
    said = {
        "day": ngettext("%(count)s day", "%(count)s days", amount, count=shown),
        "month": ngettext("%(count)s month", "%(count)s months", amount, count=shown),
        "year": ngettext("%(count)s year", "%(count)s years", amount, count=shown),
    }
    return str(said[unit.removesuffix("s")])
