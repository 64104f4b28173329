"""What an upgrade changes stands on the trail: else the tables would differ from it for ever."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import inspect

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit import chain, state
from hrdtracker.audit.model import AuditEntry
from hrdtracker.audit.parts import parts
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session

AT_ONCE = 500
"""How many differences one entry holds."""
Places = frozenset[tuple[str, str, str]]
"""Columns of rows, as `Discrepancy.place` names them."""


def differing() -> Places:
    """Return what differs from the trail before an upgrade; that is not the upgrade’s doing.

    Nothing where the trail is of a program that did not keep the whole state on it: what the
    tables hold then is what the trail begins with.
    """
    if not inspect(session().connection()).has_table(AuditEntry.__tablename__):
        return frozenset()
    if not state.is_complete():
        return frozenset()
    return frozenset(found.place for found in state.discrepancies(state.present_columns()))


def enter(actor: Actor, before: Places) -> None:
    """Enter on the trail what an upgrade changed, and not what differed `before` it."""
    if chain.head().seq == 0:
        return
    if not state.is_complete():
        _sign(actor, state.numbers(), 1)
    changes = (
        state.as_found(found) for found in state.discrepancies() if found.place not in before
    )
    _sign(actor, changes, AT_ONCE)


def _sign(actor: Actor, changes: Iterable[dict[str, Any]], at_once: int) -> None:
    """Enter changes on the trail; they are all read before the first act, and laid aside."""
    with parts() as aside:
        for change in changes:
            aside.add(0, change)
        waiting = aside.read(0)
        while together := list(islice(waiting, at_once)):
            with authorised(actor, Action.STATE_RECORD, on=None) as signature:
                signature.changes += together
