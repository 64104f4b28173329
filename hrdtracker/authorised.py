"""The door: nothing changes but through it – permitted, signed, and kept whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Submission, User
from hrdtracker.audit import access_log, trail
from hrdtracker.audit.model import Outcome
from hrdtracker.audit.trail import Signature
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, begin_write, session
from hrdtracker.core.errors import NotAllowed, Stale
from hrdtracker.core.seal import SealedRow, ring

_before_closing: list[Callable[[list[object]], None]] = []
"""What must hold of all that an act has read or made, before the door closes on it."""


def before_closing(must_hold: Callable[[list[object]], None]) -> Callable[[list[object]], None]:
    """Let every act end only where `must_hold`, given the rows that it held, raises nothing."""
    _before_closing.append(must_hold)
    return must_hold


@contextmanager
def authorised(
    actor: Actor, action: Action, *, on: Entity | None, version: int | None = None
) -> Iterator[Signature]:
    """Open the door for one act on `on`: ask, sign, and commit once when the outermost closes.

    `version` is the one the person saw. Raises NotAllowed (and leaves the refusal on the trail)
    or Stale. Inside an open door it is a savepoint of the same transaction.
    """
    opened = session()
    signature = Signature.of(actor, action, on)
    try:
        if trail.signatures(opened):
            with opened.begin_nested(), _signed(opened, signature):
                _unlock(on)
                _check(actor, action, on, version)
                yield signature
        else:
            with _transaction(opened):
                if on is not None:
                    opened.refresh(on, with_for_update=True)
                _unlock(on)
                with _signed(opened, signature):
                    _check(actor, action, on, version)
                    yield signature
    except NotAllowed:
        if not trail.signatures(opened):
            signature.outcome, signature.changes = Outcome.REFUSED, []
            side_transaction(lambda: trail.keep([signature]))
        raise


def _unlock(on: Entity | None) -> None:
    """Let the words of the record that an act is about be read and written."""
    if isinstance(on, SealedRow):
        ring().load([on.data_key_id])


def _check(actor: Actor, action: Action, on: Entity | None, version: int | None) -> None:
    may = policy.allows_anywhere(actor, action) if on is None else policy.allows(actor, action, on)
    if not may:
        raise NotAllowed
    if version is not None and version != getattr(on, "version", version):
        raise Stale


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
    except StaleDataError:
        opened.rollback()
        raise Stale from None
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


def side_transaction(write: Callable[[], object]) -> None:
    """Run `write` in a short transaction of its own, after the main one has ended.

    For what is no act: a session's last sign of life, the throttle, refusals, the access log.
    """
    opened = session()
    begin_write(opened)
    try:
        with trail.writing():
            write()
        opened.commit()
    except BaseException:
        opened.rollback()
        raise


def find_submission(actor: Actor, submission_id: UUID) -> UUID | None:
    """Return the uid of what this sending of a form has made already; inside an open door.

    On PostgreSQL the user's row is held, so that two sendings at once queue.
    """
    opened = session()
    if opened.get_bind().dialect.name == "postgresql":
        opened.execute(select(User.id).where(User.id == actor.id).with_for_update())
    query = select(Submission.made_uid).where(
        Submission.user_id == actor.id, Submission.submission_id == submission_id
    )
    return opened.scalar(query)


def record_submission(actor: Actor, submission_id: UUID, made: Entity) -> None:
    """Keep what this sending of a form made, so that a second sending answers with it."""
    session().add(
        Submission(
            user_id=actor.id,
            submission_id=submission_id,
            made_uid=made.uid,
            made_at=clock.now(),
        )
    )


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
            trail.keep(unseen)

    if waiting or unseen:
        side_transaction(write)


def note_opening(actor: Actor, action: Action, record: Entity) -> None:
    """Note that somebody opened a record; written once the page is done."""
    values = access_log.opening(actor, action, record)
    after_request_write(lambda: access_log.keep_opening(values))


def note_refusal(actor: Actor, action: Action, table: str, uid: UUID | None) -> None:
    """Note an attempt that was refused before any door; written once the present work ends."""
    session().info.setdefault("unseen", []).append((actor, action, table, uid))
