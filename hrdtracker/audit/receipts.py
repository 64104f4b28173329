"""Receipts: what a sending of a form made, so that the same sending again has the same answer."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast
from uuid import UUID

from sqlalchemy import Row, Select, Table, bindparam, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Submission
from hrdtracker.audit.trail import writing
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.declarations import models
from hrdtracker.core.errors import DomainError
from hrdtracker.core.seal import ring
from hrdtracker.core.sending import Sending

Given = ParamSpec("Given")
Made = TypeVar("Made")
RECEIPTS = cast(Table, inspect(Submission).local_table)
FIRST = {
    name: dialect.insert(RECEIPTS).on_conflict_do_nothing().returning(RECEIPTS.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
"""The statement that writes a receipt, unless its key was used already."""
COMPLETED = RECEIPTS.update().where(RECEIPTS.c.id == bindparam("receipt"))
"""The statement that says on a receipt what the act made."""


class SentBefore(DomainError):
    """This form was sent before, and made a record; None where that is gone.

    `amending` is the present sending for an act that changes the record, as long as that stands in
    the version in which the earlier sending left it.
    """

    def __init__(self, made: Entity | None, amending: Sending) -> None:
        super().__init__()
        self.made, self.amending = made, amending


class SentAgain(SentBefore):
    """The same content came again: the answer is what the first sending made."""


class SentOtherwise(SentBefore):
    """Other content came under the same key, or what was made is gone: nothing is made or changed.

    The channel adds what was `typed` now: labels and values.
    """

    def __init__(self, made: Entity | None, amending: Sending) -> None:
        super().__init__(made, amending)
        self.typed: list[tuple[str, str]] = []


class Receipt(NamedTuple):
    """The receipt of a sending, and what it held before where the key was used already."""

    sending: Sending
    number: int
    fingerprint: str
    earlier: Row[Any] | None


def idempotent(service: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let a service answer the same sending of a form again with what the first one made."""

    @wraps(service)
    def answer(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return service(*args, **kwargs)
        except SentAgain as again:
            return cast(Made, again.made)

    return answer


def begin(actor: Actor, sending: Sending | None) -> Receipt | None:
    """Write a receipt, before anything else: a twin with the same key waits for this one to end."""
    if sending is None:
        return None
    fingerprint = _fingerprint(actor, sending)
    values = {
        "user_id": actor.id,
        "submission_id": sending.key,
        "fingerprint": fingerprint,
        "button": sending.button,
        "made_at": clock.now(),
    }
    connection = session().connection()
    with writing():
        number = connection.scalar(FIRST[connection.dialect.name], values)
    if number is not None:
        return Receipt(sending, number, fingerprint, None)
    earlier = connection.execute(_query(actor, sending).with_for_update()).one()
    return Receipt(sending, earlier.id, fingerprint, earlier)


def is_known(actor: Actor, sending: Sending) -> bool:
    """Tell whether a form was sent before, for a page that asks something before it is saved."""
    return session().execute(_query(actor, sending)).first() is not None


def check(receipt: Receipt | None) -> None:
    """Let an act go on that makes something for the first time, or changes it as it may.

    Raises SentAgain, SentOtherwise.
    """
    if receipt is None or receipt.earlier is None:
        return
    earlier, sending = receipt.earlier, receipt.sending
    made = _record(earlier.made_table, earlier.made_uid)
    amending = replace(sending, amends=earlier.made_version)
    if made is None:
        raise SentOtherwise(None, amending)
    is_same = earlier.fingerprint in {None, receipt.fingerprint}
    if is_same and earlier.button == sending.button:
        raise SentAgain(made, amending)
    if sending.amends is None or sending != amending:
        raise (SentAgain if is_same else SentOtherwise)(made, amending)


def complete(receipt: Receipt | None, made: Entity | None) -> None:
    """Keep on the receipt what the act made; raises LookupError where it does not say."""
    if receipt is None:
        return
    if made is None:
        raise LookupError("an act that answers a form must say what it made")
    session().flush()
    values = {
        "receipt": receipt.number,
        "fingerprint": receipt.fingerprint,
        "button": receipt.sending.button,
        "made_table": made.__tablename__,
        "made_uid": made.uid,
        "made_version": getattr(made, "version", None),
    }
    with writing():
        session().connection().execute(COMPLETED, values)


def _query(actor: Actor, sending: Sending) -> Select[Any]:
    """Return the query of the receipt of a sending."""
    return select(RECEIPTS).where(
        RECEIPTS.c.user_id == actor.id, RECEIPTS.c.submission_id == sending.key
    )


def _fingerprint(actor: Actor, sending: Sending) -> str:
    """Return a keyed digest of what was typed: equal only within the one sending of one person."""
    text = f"{actor.uid.hex}\0{sending.key.hex}\0{sending.content}"
    return ring().vault.fingerprint("receipt", text)


def _record(table: str | None, uid: UUID | None) -> Entity | None:
    model = models().get(table or "")
    return session().scalar(select(model).where(model.uid == uid)) if model else None
