"""What is said of who may be read out to an authority: their word, how we know, what they are."""

from collections.abc import Mapping

from flask_babel import gettext

from hrdtracker.cases.consent import Consent
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_day
from hrdtracker.people.model import ConsentAnswer, ConsentGiver
from hrdtracker.proceedings.clocks.reading_out import Readable
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.sentences import begin, in_a_row

Answer = tuple[ConsentAnswer, ConsentGiver]
ANSWERS: Mapping[str, tuple[Answer, str]] = {
    f"{answer}-{giver}": ((answer, giver), label)
    for answer, giver, label in (
        (ConsentAnswer.YES, ConsentGiver.PERSON, N_("Yes: they said so to us")),
        (ConsentAnswer.YES, ConsentGiver.LAWYER, N_("Yes: they said so to their lawyer")),
        (ConsentAnswer.YES, ConsentGiver.FAMILY, N_("Yes: their family says so for them")),
        (ConsentAnswer.NO, ConsentGiver.PERSON, N_("No: they said so to us")),
        (ConsentAnswer.NO, ConsentGiver.LAWYER, N_("No: they said so to their lawyer")),
        (ConsentAnswer.NO, ConsentGiver.FAMILY, N_("No: their family says so for them")),
    )
}
"""What somebody may have answered, by whom it was brought: one choice for both."""


def answer_choices(first: str) -> list[tuple[str, str]]:
    """Return what can be chosen as the answer of somebody; `first` leaves it as it is."""
    return [("", first), *((key, gettext(label)) for key, (_, label) in ANSWERS.items())]


def say_consent(consent: Consent) -> str:
    """Return what somebody answered, and when; that nobody asked them, where nobody did."""
    if consent.answer is None:
        return str(gettext("Not asked"))
    row = consent.statement
    if row is None:
        return str(gettext("They said no"))
    said = gettext(ANSWERS[f"{row.answer}-{row.given_by}"][1])
    return in_a_row(said, begin(say_day(row.given_on, locale(), today(), brief=True)))


def say_may_be_named(one: Readable) -> str:
    """Return how somebody is read out: by name, as a number, or not at all."""
    if not one.may_be_ticked:
        return str(gettext("Never read out"))
    if not one.has_name:
        return str(gettext("As a number: they are not one person"))
    if one.is_minor:
        return str(gettext("As a number: they may be under 18"))
    if one.masked is not None:
        return str(gettext("As a number: nobody knows whether they are 18"))
    return "" if one.may_be_named else str(gettext("As a number, without their yes"))


def say_source(code: str | None) -> str:
    """Return how we know something; that nobody said so, where nobody did."""
    return terms().label("how_known", code, locale()) or str(gettext("Nobody said how"))
