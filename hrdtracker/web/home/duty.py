"""On the first page: who is on duty, and what somebody has to do about it."""

from collections.abc import Iterator, Mapping, Sequence

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.accounts.assignments import actors_of
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_day
from hrdtracker.duty.queries import DutyLine, offered_to, office_of_duty, on_duty
from hrdtracker.proceedings.clocks.on_duty import closed_in, unreadable
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.context import locale, number, office_name, today
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.duty import AHEAD, duty_url, say_on_duty

SAID = 3
"""Of more offices the first page does not say who it is."""


def duty_today(actor: Actor) -> Sequence[DutyLine]:
    """Return who is on duty today in the offices that somebody works in."""
    return on_duty(actor, today()) if could(actor, Action.DUTY_READ) else ()


def say_duty(actor: Actor, lines: Sequence[DutyLine]) -> str:
    """Return who is on duty today; where nobody set it, or in many offices, the way to that."""
    said = [line for line in lines if line.row is not None]
    if lines and not 0 < len(said) <= SAID:
        return str(gettext("See who is on duty"))
    return in_a_row(
        *(
            gettext(
                "On duty in %(office)s: %(who)s",
                office=office_name(line.office),
                who=say_on_duty(line, actor),
            )
            for line in said
        )
    )


def duty_waits(actor: Actor, lines: Sequence[DutyLine]) -> Iterator[HomeSection]:
    """Yield what a colleague asks one to take over, and limits that whoever is on duty cannot open.

    Whoever is on duty learns only how many they are; a director finds out which.
    """
    if not could(actor, Action.DUTY_READ):
        return
    found = [*_asked(actor), *_unreadable(actor, lines), *_closed(actor, lines)]
    if found:
        yield HomeSection("duty", gettext("Duty"), found, url=url_for("duty.index"))


def _is_own(actor: Actor, line: DutyLine) -> bool:
    return line.user is not None and line.user.id == actor.id


def _asked(actor: Actor) -> Iterator[HomeLine]:
    for row in offered_to(actor, today()):
        yield HomeLine(
            Order.WAITING,
            gettext("A colleague asks you to take over their duty"),
            duty_url(row.day, office_of_duty(row).code),
            gettext("Answer"),
            kind="open",
            word=gettext("Asked"),
            meta=say_day(row.day, locale(), today(), brief=True),
        )


def _unreadable(actor: Actor, lines: Sequence[DutyLine]) -> Iterator[HomeLine]:
    own = [line.office.id for line in lines if _is_own(actor, line)]
    count = unreadable(actor, own, clock.now() + AHEAD) if own else 0
    if count:
        yield _line(
            ngettext(
                "%(count)s limit ends soon in a case that you cannot open",
                "%(count)s limits end soon in cases that you cannot open",
                count,
                count=number(count),
            ),
            gettext("See whom to ask"),
            gettext("You are on duty. A director can let you in."),
            duty_url(today()),
        )


def _closed(actor: Actor, lines: Sequence[DutyLine]) -> Iterator[HomeLine]:
    """Yield how many such limits there are in the offices that the reader directs."""
    held = {line.office.id: line for line in lines if line.user and not _is_own(actor, line)}
    if not held or not could(actor, Action.DUTY_SET):
        return
    counts = _limits_closed_to(actor, held)
    for line in held.values():
        count = counts.get(line.office.id, 0)
        if count:
            yield _line(
                ngettext(
                    "%(count)s limit ends soon in a case that whoever is on duty cannot open",
                    "%(count)s limits end soon in cases that whoever is on duty cannot open",
                    count,
                    count=number(count),
                ),
                gettext("Let them in"),
                office_name(line.office),
                duty_url(today(), line.office.code),
            )


def _limits_closed_to(actor: Actor, held: Mapping[int, DutyLine]) -> Mapping[int, int]:
    """Return by office how many limits end soon that whoever is on duty cannot open.

    Only of cases of which the reader says who opens them: those of the offices that they direct.
    """
    users = {office: line.user for office, line in held.items() if line.user}
    actors = actors_of(users.values())
    others = {office: actors[user.id] for office, user in users.items()}
    return closed_in(actor, others, clock.now() + AHEAD)


def _line(what: str, verb: str, meta: str, url: str) -> HomeLine:
    return HomeLine(
        Order.URGENT,
        what,
        url,
        verb,
        kind="overdue",
        word=gettext("Cannot be opened"),
        meta=meta,
    )
