"""Telling somebody of something, and their word that they have understood."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.notices.kinds import RULES, NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.notices.queries import together_with
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.service import enqueue


def tell(user_ids: Iterable[int], kind: NoticeKind, about: Entity | None = None) -> None:
    """Tell people of something inside an open door: one row each, on the trail with the act.

    It stands on their first page until they press “Understood”; as long as it does, they are not
    told the same again. Who gave an address gets a mail that says only that there is something new.
    """
    table, uid = (about.__tablename__, about.uid) if about else ("", None)
    if table != RULES[kind].about:
        raise ValueError(f"a notice of kind {kind} is not about “{table}”")
    wanted = sorted(set(user_ids))
    told_already = select(Notice.user_id).where(
        Notice.user_id.in_(wanted),
        Notice.kind == kind,
        Notice.about_uid.is_not_distinct_from(uid),
        Notice.seen_at.is_(None),
    )
    new = set(wanted) - set(session().scalars(told_already))
    session().add_all(
        Notice(
            user_id=user_id,
            kind=kind,
            about_table=table or None,
            about_uid=uid,
            scope_id=getattr(about, "scope_id", None),
            made_at=clock.now(),
        )
        for user_id in sorted(new)
    )
    if RULES[kind].mails:
        _mail(new)


def _mail(user_ids: set[int]) -> None:
    """Ask for a mail to each who gave an address; of one person, one job."""
    with_address = select(User.uid).where(User.id.in_(user_ids), User.has_mail())
    for uid in session().scalars(with_address.order_by(User.id)):
        enqueue(JobKind.MAIL, uid, key=uid.hex)


def see(actor: Actor, uid: UUID) -> None:
    """Take somebody’s word that they have understood a notice; again changes nothing.

    Of a kind that is told together, those that stood below it are understood with it.
    """
    notice = policy.fetch(actor, Action.NOTICE_SEE, Notice, uid)
    with authorised(actor, Action.NOTICE_SEE, on=notice):
        uids = {told.uid for told in together_with(actor, uid)} | {uid}
        query = select(Notice).where(Notice.uid.in_(uids), Notice.seen_at.is_(None))
        for each in session().scalars(query):
            each.seen_at = clock.now()
