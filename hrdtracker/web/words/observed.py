"""Observations in lines: who observed, how it stands, which rights are in question."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.core.when.say import say_when
from hrdtracker.proceedings.reading.observed import (
    ObservedHearing,
    ObservedRight,
    observed_in_case,
)
from hrdtracker.web.shell.context import locale, number, today
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.sentences import begin, in_a_row
from hrdtracker.web.words.checklists import say_rights
from hrdtracker.web.words.courts import say_term


@dataclass(frozen=True)
class ObservedWords:
    """One observation in a line; `confirmed` are rights with the letters of whom it is about."""

    url: str
    title: str
    kind: str
    word: str
    confirmed: Sequence[tuple[str, str]]
    waiting: str


def observed_words(one: ObservedHearing, day: str = "") -> ObservedWords:
    """Return one observation as a list says it; `day` where it stands not at its hearing."""
    who = gettext("Observed by %(who)s", who=one.observer.display_name)
    return ObservedWords(
        url_for("observations.observation", uid=one.observation.uid),
        in_a_row(day, who),
        "done" if one.observation.finished_at or one.is_refused else "open",
        _stands(one),
        [_right(right) for right in one.rights if right.in_question],
        _waiting(one.open_rights),
    )


def observed_lines(actor: Actor, scope_id: int) -> list[ObservedWords]:
    """Return what was observed at the hearings of a case, each with its day."""
    return [
        observed_words(one, begin(say_when(hearing.day, locale(), today(), brief=True)))
        for hearing, one in observed_in_case(actor, scope_id)
    ]


def _stands(one: ObservedHearing) -> str:
    if one.is_refused:
        return say_term("observed_answer", "refused")
    finished = one.observation.finished_at is not None
    return str(gettext("Finished") if finished else gettext("Not finished"))


def _right(right: ObservedRight) -> tuple[str, str]:
    return (
        say_rights(right.question),
        ", ".join(f"{say_letter(letter)}." for letter in right.letters),
    )


def _waiting(count: int) -> str:
    if not count:
        return ""
    return str(
        ngettext(
            "%(count)s right waits for somebody to say whether it is in question",
            "%(count)s rights wait for somebody to say whether they are in question",
            count,
            count=number(count),
        )
    )
