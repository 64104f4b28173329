"""The door: nothing changes but through it – permitted, signed, and kept whole or not at all."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from hrdtracker.access import policy
from hrdtracker.access.action import ASKS_AGAIN, EVEN_AT_STANDSTILL, Action
from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import Organisation
from hrdtracker.audit import access_log, reading_chain, receipts, refusals, trail
from hrdtracker.audit.model import Outcome
from hrdtracker.audit.trail import Signature
from hrdtracker.core.db import Entity, begin_write, session
from hrdtracker.core.errors import AtStandstill, NotAllowed, Overtaken, ProofDue, Stale
from hrdtracker.core.locks import lock
from hrdtracker.core.outage import is_lost_race
from hrdtracker.core.seal import SealedRow, ring
from hrdtracker.core.sending import Sending
from hrdtracker.core.standstill import standstill

Made = TypeVar("Made")
AGAIN = 3
"""How often an act begins again that lost a race."""
DEFERRED = ("later", "unseen")
"""What a unit of work writes once the request has ended."""
PAUSE_MOST_S = 0.1
"""How long it waits before that at most: by chance, so that the same two do not meet again."""

_before_closing: list[Callable[[list[object]], None]] = []
"""What must hold of all that an act has read or made, before the door closes on it."""


def before_closing(must_hold: Callable[[list[object]], None]) -> Callable[[list[object]], None]:
    """Let every act end only where `must_hold`, given the rows that it held, raises nothing."""
    _before_closing.append(must_hold)
    return must_hold


def written_in_cases() -> list[tuple[int, dict[str, Any]]]:
    """Return what the acts that are about to be kept wrote: in which scope, and the difference."""
    acts: list[Signature] = session().info.get("finished", [])
    return [(act.scope_id, row) for act in acts if act.scope_id is not None for row in act.changes]


def written_rows() -> list[dict[str, Any]]:
    """Return every difference that the acts which are about to be kept wrote."""
    acts: list[Signature] = session().info.get("finished", [])
    return [row for act in acts for entry in act.entries() for row in entry.changes]


@contextmanager
def writing_derived() -> Iterator[None]:
    """Let rows be written that are counted from what the trail records, and that it leaves out."""
    with trail.writing():
        yield


@contextmanager
def gathered(signature: Signature) -> Iterator[None]:
    """Let what the acts inside write stand under this one, which then says whose each part is."""
    finished: list[Signature] = session().info["finished"]
    first = len(finished)
    yield
    session().flush()
    for act in finished[first:]:
        signature.changes += [row for entry in act.entries() for row in entry.changes]
    del finished[first:]


@contextmanager
def authorised(  # noqa: PLR0913 - each says one thing of an act, by its name
    actor: Actor,
    action: Action,
    *,
    on: Entity | None = None,
    within: Entity | None = None,
    version: int | None = None,
    sending: Sending | None = None,
) -> Iterator[Signature]:
    """Open the door for one act: ask, sign, and commit once when the outermost closes.

    `on` is the record that the act changes: it is locked, and read anew. `within` is one under
    which it makes, changes or only reads something: the policy is asked about it, and nobody waits.
    `version` is the one the person saw; `sending` is the form whose receipt is kept. Raises
    NotAllowed (and leaves the refusal on the trail), AtStandstill, ProofDue, SentAgain,
    SentOtherwise, Stale or Overtaken.
    Inside an open door it is a savepoint of the same transaction.
    """
    opened, record = session(), within if on is None else on
    signature = Signature.of(actor, action, record)
    _unlock(record)
    try:
        if trail.signatures(opened):
            with opened.begin_nested(), _signed(opened, signature):
                receipt = receipts.begin(actor, sending)
                _check(actor, action, record, version, receipt)
                yield signature
                receipts.complete(receipt, signature.made)
        else:
            with _transaction(opened):
                receipt = receipts.begin(actor, sending)  # first, so that a twin waits with no lock
                if on is not None:
                    lock(on)
                with _signed(opened, signature):
                    _check(actor, action, record, version, receipt)
                    yield signature
                    receipts.complete(receipt, signature.made)
    except NotAllowed:
        if not trail.signatures(opened):
            signature.outcome, signature.changes = Outcome.REFUSED, []
            side_transaction(lambda: refusals.keep([signature]))
        raise


def _unlock(on: Entity | None) -> None:
    """Let the words of the record that an act is about be read and written."""
    if isinstance(on, SealedRow):
        ring().expect(on.data_key_id)


def _check(
    actor: Actor,
    action: Action,
    on: Entity | None,
    version: int | None,
    receipt: receipts.Receipt | None,
) -> None:
    if action not in EVEN_AT_STANDSTILL and standstill().is_on():
        raise AtStandstill
    may = policy.allows_anywhere(actor, action) if on is None else policy.allows(actor, action, on)
    if not may:
        raise NotAllowed
    receipts.check(receipt)
    if action in ASKS_AGAIN:
        check_proven(actor, action)
    if version is not None and version != getattr(on, "version", version):
        raise Stale


def check_proven(actor: Actor, action: Action) -> None:
    """Let somebody go on who showed who they are a short while ago; raises ProofDue."""
    if not actor.proven:
        raise ProofDue(action)


@contextmanager
def _transaction(opened: Session) -> Iterator[None]:
    """Hold one write transaction; the trail is chained as the last step before COMMIT."""
    begin_write(opened)
    opened.info["finished"], opened.info["held"] = [], []
    try:
        yield
        for must_hold in _before_closing:
            must_hold(opened.info["held"])
        trail.keep(opened.info["finished"])
        opened.commit()
        opened.info["acts"] = opened.info.get("acts", 0) + 1
    except StaleDataError:
        opened.rollback()
        raise Overtaken from None
    except BaseException:
        opened.rollback()
        raise
    finally:
        opened.info.pop("finished", None)
        opened.info.pop("held", None)


@contextmanager
def _signed(opened: Session, signature: Signature) -> Iterator[None]:
    stack = trail.signatures(opened)
    opened.flush()
    stack.append(signature)
    try:
        yield
        opened.flush()
        opened.info["finished"].append(signature)
    finally:
        stack.pop()


def carry_out(act: Callable[[], Made]) -> Made:
    """Return what `act` returns; where it lost a race, it begins again with an empty session.

    So `act` fetches inside whatever it works on, and does nothing outside the database. Once an act
    of it was committed, nothing is done again. Raises what the last attempt raised.
    """
    opened = session()
    acts = opened.info.get("acts")
    deferred = {name: list(opened.info.get(name, [])) for name in DEFERRED}

    def forget() -> None:
        opened.rollback()
        opened.expunge_all()
        opened.info.pop("organisation", None)
        ring().forget_rows()
        opened.info.update({name: list(rows) for name, rows in deferred.items()})

    return _repeat(act, forget, lambda: opened.info.get("acts") == acts)


def _repeat(act: Callable[[], Made], forget: Callable[[], object], may: Callable[[], bool]) -> Made:
    """Do an act again after each lost race, as often as it may be."""
    for number in range(1, AGAIN + 1):
        try:
            return act()
        except Exception as error:
            if not (is_lost_race(error) and may()):
                raise
            forget()
            time.sleep(random.uniform(0, PAUSE_MOST_S * number))  # noqa: S311 - no secret
    return act()


def side_transaction(write: Callable[[], object]) -> None:
    """Run `write` in a short transaction of its own, after the main one has ended.

    For what is no act: a session's last sign of life, the throttle, refusals, the access log. It
    runs again where it lost a race.
    """
    opened = session()
    _repeat(lambda: _write(opened, write), opened.rollback, lambda: True)


def _write(opened: Session, write: Callable[[], object]) -> None:
    begin_write(opened)
    try:
        with trail.writing():
            write()
        opened.commit()
    except BaseException:
        opened.rollback()
        raise


def after_request_write(write: Callable[[], object]) -> None:
    """Run `write` in one side transaction with all others that wait, once the request has ended."""
    session().info.setdefault("later", []).append(write)


def flush_deferred() -> None:
    """Write what waits: openings, signs of life, and what was asked for and not shown."""
    info = session().info
    waiting = info.pop("later", [])
    unseen = [
        Signature(actor, action, table, uid, None, Outcome.REFUSED)
        for actor, action, table, uid in info.pop("unseen", [])
    ]

    def write() -> None:
        for each in waiting:
            each()
        if unseen:
            refusals.keep(unseen)

    if waiting or unseen:
        side_transaction(write)


def note_reading(actor: Actor, verb: Action | None) -> None:
    """Note whose sealed words the page that is done shows; written once the request has ended."""
    rows = access_log.openings(actor, verb, *access_log.take_reading())
    if rows:
        after_request_write(lambda: _keep_reading(actor, rows))


def _keep_reading(actor: Actor, rows: list[dict[str, Any]]) -> None:
    """Write down what was read; once an hour the trail names the batch that it closes."""
    batch = access_log.keep_openings(rows)
    if batch is not None:
        machine = operator(actor.organisation_id)
        signature = Signature(machine, Action.READINGS_SEAL, "", None, None)
        signature.changes = [reading_chain.anchor(batch)]
        trail.keep([signature])


def gather_refusals() -> None:
    """Let the trail say what was refused again and again, as far as its minute is over."""
    if refusals.has_any():
        side_transaction(refusals.gather)


def seal_readings(actor: Actor, organisation: Organisation) -> None:
    """Close a batch over all that was read so far, and let the trail name the last one."""
    if reading_chain.is_sealed():
        return
    with authorised(actor, Action.READINGS_SEAL, within=organisation) as signature:
        with trail.writing():
            batch = reading_chain.close_all()
        if batch is not None:
            signature.changes.append(reading_chain.anchor(batch))


def forget_reading() -> None:
    """Let what was read so far leave no line, since the answer shows none of it."""
    access_log.take_reading()


def note_refusal(actor: Actor, action: Action, table: str, uid: UUID | None) -> None:
    """Note an attempt that was refused before any door; written once the present work ends."""
    session().info.setdefault("unseen", []).append((actor, action, table, uid))
