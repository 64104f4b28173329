"""What is refused to somebody again and again: the trail has the first at once, the rest as one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, RowMapping, Table, and_, delete, inspect, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import NOBODY, Actor, Channel
from hrdtracker.audit import trail
from hrdtracker.audit.model import Outcome, RefusalWindow
from hrdtracker.audit.trail import Signature
from hrdtracker.audit.values import plain
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.locks import Queue, queue_for

WINDOW = timedelta(minutes=1)
WINDOWS = cast(Table, inspect(RefusalWindow).local_table)


def keep(refused: Iterable[Signature]) -> None:
    """Let the trail say what was refused; but for the first of a verb to a person in a minute,
    which are counted. Inside `side_transaction`.

    A wrong password for somebody is never counted among others: its owner is told of each, and
    the throttle says how many there can be.
    """
    queue_for(Queue.REFUSALS)
    entries: list[Signature] = []
    for signature in refused:
        is_told_to_owner = signature.actor.uid == NOBODY and signature.subject_uid is not None
        entries += [signature] if is_told_to_owner else _noted(signature)
    trail.keep(entries)


def has_any() -> bool:
    """Tell whether a window is over."""
    return session().scalar(select(WINDOWS.c.action).where(_is_over()).limit(1)) is not None


def gather() -> None:
    """Let the trail say how often each was refused in a window that is over. Inside
    `side_transaction`."""
    queue_for(Queue.REFUSALS)
    trail.keep(_close(_is_over()))


def _noted(signature: Signature) -> list[Signature]:
    """Count a refusal where its window is open; else return what the trail says of it now."""
    is_its = and_(
        WINDOWS.c.actor_uid == signature.actor.uid, WINDOWS.c.action == str(signature.action)
    )
    counted = (
        WINDOWS.update().where(is_its, ~_is_over()).values(more_count=WINDOWS.c.more_count + 1)
    )
    connection = session().connection()
    if connection.execute(counted).rowcount:
        return []
    gathered = _close(is_its)
    connection.execute(
        WINDOWS.insert().values(
            actor_uid=signature.actor.uid,
            action=str(signature.action),
            organisation_id=signature.actor.organisation_id,
            channel=str(signature.actor.channel),
            subject_type=signature.subject_type,
            began_at=clock.now(),
            more_count=0,
        )
    )
    return [*gathered, signature]


def _close(which: ColumnElement[bool]) -> list[Signature]:
    """Take windows away, and return what the trail says of those in which something was counted."""
    removed = session().connection().execute(delete(WINDOWS).where(which).returning(WINDOWS))
    return [_gathered(window) for window in removed.mappings() if window["more_count"]]


def _gathered(window: RowMapping) -> Signature:
    more: dict[str, Any] = {
        "table": WINDOWS.name,
        "uid": "",
        "kind": "+",
        "columns": {
            "more_count": [None, window["more_count"]],
            "began_at": [None, plain(window["began_at"])],
        },
    }
    return Signature(
        Actor(
            0, window["actor_uid"], window["organisation_id"], channel=Channel(window["channel"])
        ),
        cast(Action, window["action"]),  # which the program may have lost since
        window["subject_type"],
        None,
        None,
        Outcome.REFUSED,
        [more],
    )


def _is_over() -> ColumnElement[bool]:
    return WINDOWS.c.began_at <= clock.now() - WINDOW
