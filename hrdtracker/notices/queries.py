"""What somebody is told of and has not understood yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from hrdtracker.access import policy
from hrdtracker.access.actor import Actor
from hrdtracker.core.db import PREPARED, Entity, session
from hrdtracker.core.declarations import models
from hrdtracker.notices.kinds import RULES, NoticeKind
from hrdtracker.notices.model import Notice

LISTED = 20


@dataclass(frozen=True)
class Told:
    """A notice that stands; `is_open` tells whether its reader may still open what it is about."""

    uid: UUID
    kind: NoticeKind
    about: UUID | None
    at: datetime
    is_open: bool


def unseen(actor: Actor) -> list[Told]:
    """Return what stands for the actor, the newest first, and one more than is listed.

    One statement, which asks of each whether they may still open what it is about.
    """
    return [
        Told(uid, NoticeKind(kind), about, at, bool(is_open))
        for uid, kind, about, at, is_open in session().execute(_unseen(actor))
    ]


@lru_cache(maxsize=PREPARED)
def _unseen(actor: Actor) -> Select[Any]:
    columns = Notice.uid, Notice.kind, Notice.about_uid, Notice.made_at
    theirs = Notice.user_id == actor.id, Notice.seen_at.is_(None)
    query = select(*columns, _may_open(actor).label("is_open")).where(*theirs)
    return query.order_by(Notice.id.desc()).limit(LISTED + 1)


def _may_open(actor: Actor) -> Any:
    """Return the condition that a notice is about nothing, or about what the actor may read."""
    kinds_of: dict[tuple[str, Any], list[NoticeKind]] = {}
    for kind, rule in RULES.items():
        if rule.reads:
            kinds_of.setdefault((rule.about, rule.reads), []).append(kind)
    parts: list[Any] = [Notice.about_uid.is_(None)]
    for (table, action), kinds in kinds_of.items():
        model: type[Entity] = models()[table]
        may = policy.condition(actor, action, model, of_few=True)
        record = select(model.id).where(model.uid == Notice.about_uid, may)
        parts.append(and_(Notice.kind.in_(kinds), record.exists()))
    return or_(*parts)


def gathered(notices: Sequence[Told]) -> list[list[Told]]:
    """Return notices as lines: those of a kind that leads to one page stand together."""
    lines: dict[object, list[Told]] = {}
    for told in notices:
        key = told.kind if told.is_open and not RULES[told.kind].takes_uid else told.uid
        lines.setdefault(key, []).append(told)
    return list(lines.values())


def together_with(actor: Actor, uid: UUID) -> list[Told]:
    """Return what stands in one line with a notice, and not above it."""
    for line in gathered(unseen(actor)):
        uids = [told.uid for told in line]
        if uid in uids:
            return line[uids.index(uid) :]
    return []


def has_unseen(user_id: int) -> bool:
    """Tell whether anything stands for somebody that they have not understood yet."""
    query = select(Notice.id).where(Notice.user_id == user_id, Notice.seen_at.is_(None)).limit(1)
    return session().scalar(query) is not None
