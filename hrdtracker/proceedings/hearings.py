"""Hearings: a day in court is recorded, is held or adjourned, and somebody goes there."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts.assignments import actor_of, colleague
from hrdtracker.audit.bulk_insert import add_all, add_many
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases import work
from hrdtracker.cases.drafts import TaskDraft
from hrdtracker.cases.model import Case, Task
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.when.model import When, is_before
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.guarding import check_dates
from hrdtracker.proceedings.model import (
    Hearing,
    HearingMonitor,
    HearingStatus,
    Proceeding,
    ProceedingScope,
)
from hrdtracker.proceedings.workflow import HEARING

FACTS = ("starts", "kind", "court", "room", "judge", "note", "known_by")
"""What is kept of a draft as it says it."""
ASKED_AFTER = timedelta(days=7)
"""How long after an adjournment without a next day somebody asks the clerk."""
TO_COME = N_("This hearing is still to come.")
GOES_ALREADY = N_("This colleague goes there already.")
GOES_NOT = N_("This colleague does not go there.")
CANNOT_OPEN = N_("This colleague cannot open the case. Choose another.")


@idempotent
def add_hearing(actor: Actor, proceeding: Proceeding, draft: HearingDraft) -> Hearing:
    """Record a hearing of a proceeding, past or to come, and who goes there."""
    _check(proceeding, draft)
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        hearing = new_hearing(actor, proceeding, draft)
        add_all([hearing])
        add_many(_going(actor, hearing, _monitors(actor, proceeding, draft.monitors)))
        signature.made = hearing
    return hearing


def change_hearing(actor: Actor, hearing: Hearing, draft: HearingDraft, version: int) -> None:
    """Change when and where a hearing is; once its day is set nobody asks for it. Raises Stale."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing, version=version):
        _check(session().get_one(Proceeding, hearing.proceeding_id), draft)
        before = session().get(Hearing, hearing.follows_id) if hearing.follows_id else None
        if before is not None and is_before(draft.starts, before.day):
            raise Refused({"when": N_("The hearing that it goes on after was later.")})
        _write(hearing, draft)
        hearing.confirmed_at, hearing.confirmed_by_id = clock.now(), actor.id
        if draft.starts.is_known:
            _stop_asking(actor, hearing)


def conclude(actor: Actor, hearing: Hearing, draft: ConclusionDraft, version: int) -> None:
    """Say what became of a hearing; an adjournment makes the hearing with which it goes on.

    Where its day is not set somebody asks the clerk after a week. Raises WrongStatus, Stale.
    """
    check_terms(declared_codes(Hearing.__tablename__, draft))
    is_adjourned = draft.status == HearingStatus.ADJOURNED
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing, version=version):
        proceeding = session().get_one(Proceeding, hearing.proceeding_id)
        _check_conclusion(proceeding, hearing, draft)
        HEARING.take(hearing, Action.PROCEEDING_RECORD, draft.status)
        hearing.reason = draft.reason if draft.status != HearingStatus.HELD else None
        hearing.asked_by = draft.asked_by if is_adjourned else None
        hearing.defence_agreed = draft.defence_agreed if is_adjourned else None
        _stop_asking(actor, hearing)
        if is_adjourned:
            _go_on(actor, proceeding, hearing, draft)


def take_back(actor: Actor, hearing: Hearing, version: int) -> None:
    """Say that a hearing is still to come after all; what follows it stays. Raises Stale."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing, version=version):
        HEARING.take(hearing, Action.PROCEEDING_RECORD, HearingStatus.SCHEDULED)
        hearing.reason = hearing.asked_by = hearing.defence_agreed = None


def send_monitor(actor: Actor, hearing: Hearing, uid: UUID, instead_of: UUID | None = None) -> User:
    """Let a colleague who can open the case go to a hearing, instead of another if one is named."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing):
        if hearing.status != HearingStatus.SCHEDULED:
            raise WrongStatus
        (user,) = _monitors(actor, hearing, [uid])
        if instead_of is not None:
            _relieve(actor, hearing, instead_of)
        row = session().get(HearingMonitor, (hearing.id, user.id))
        if row is None:
            add_many(_going(actor, hearing, [user]))
        elif row.relieved_at is None:
            raise Refused({"monitor": GOES_ALREADY})
        else:
            row.relieved_at = None
            row.assigned_at, row.assigned_by_id = clock.now(), actor.id
    return user


def relieve_monitor(actor: Actor, hearing: Hearing, uid: UUID) -> None:
    """Let somebody go to a hearing no more; raises WrongStatus where they do not."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing):
        _relieve(actor, hearing, uid)


def _relieve(actor: Actor, hearing: Hearing, uid: UUID) -> None:
    user = colleague(actor, uid)
    row = session().get(HearingMonitor, (hearing.id, user.id)) if user else None
    if row is None or row.relieved_at is not None:
        raise WrongStatus(GOES_NOT)
    row.relieved_at = clock.now()


def _check(proceeding: Proceeding, draft: HearingDraft) -> None:
    check_terms(declared_codes(Hearing.__tablename__, draft))
    check_dates(proceeding, {"when": draft.starts}, to_come=True)


def _check_conclusion(proceeding: Proceeding, hearing: Hearing, draft: ConclusionDraft) -> None:
    starts = hearing.day
    is_to_come = starts.earliest is None or starts.earliest > clock.now()
    if is_to_come and draft.status == HearingStatus.HELD:
        raise Refused({"status": TO_COME})
    check_dates(proceeding, {"when": draft.next_starts}, to_come=True)
    if is_before(draft.next_starts, starts):
        raise Refused({"when": N_("It cannot go on before this hearing.")})


def _write(hearing: Hearing, draft: HearingDraft) -> None:
    for name in FACTS:
        setattr(hearing, name, getattr(draft, name))


def new_hearing(actor: Actor, proceeding: Proceeding, draft: HearingDraft) -> Hearing:
    """Return a hearing as a draft tells of it; still to be added."""
    hearing = _new_hearing(actor, proceeding, draft.kind)
    _write(hearing, draft)
    return hearing


def _new_hearing(actor: Actor, proceeding: Proceeding, kind: str) -> Hearing:
    return Hearing(
        proceeding_id=proceeding.id,
        data_key_id=proceeding.data_key_id,
        kind=kind,
        status=HearingStatus.SCHEDULED,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _go_on(actor: Actor, proceeding: Proceeding, hearing: Hearing, draft: ConclusionDraft) -> None:
    """Add the hearing with which an adjourned one goes on; the same people go there."""
    zone = hearing.day.zone
    following = _new_hearing(actor, proceeding, hearing.kind)
    following.follows_id = hearing.id
    following.starts = draft.next_starts or When.unknown("", zone)
    following.court, following.room, following.judge = hearing.court, hearing.room, hearing.judge
    if not following.starts.is_known and draft.task:
        following.ask_task_id = _ask_clerk(actor, proceeding, draft.task, ZoneInfo(zone)).id
    add_all([following])
    going = select(User).join(HearingMonitor, HearingMonitor.user_id == User.id)
    mine = going.where(
        HearingMonitor.hearing_id == hearing.id, HearingMonitor.relieved_at.is_(None)
    )
    add_many(_going(actor, following, session().scalars(mine).all()))


def _ask_clerk(actor: Actor, proceeding: Proceeding, what: str, zone: ZoneInfo) -> Task:
    """Add the task to ask for the next day to the first case of a proceeding that one adds to."""
    cases = policy.visible(actor, Action.CASE_EXTEND, Case).join(
        ProceedingScope, ProceedingScope.scope_id == Case.scope_id
    )
    mine = cases.where(ProceedingScope.proceeding_id == proceeding.id).order_by(Case.id).limit(1)
    draft = TaskDraft(what=what, due_on=clock.today(zone) + ASKED_AFTER)
    return work.add_task(actor, session().scalars(mine).one(), draft)


def _stop_asking(actor: Actor, hearing: Hearing) -> None:
    """End the task to ask the clerk, where one still waits.

    It may stand in another case of the proceeding, which whoever sets the day does not read: the
    day is set for all of them.
    """
    task = session().get(Task, hearing.ask_task_id) if hearing.ask_task_id else None
    if task is not None and task.done_at is None:
        work.end_task(actor, task)


def _going(actor: Actor, hearing: Hearing, users: Iterable[User]) -> list[HearingMonitor]:
    return [
        HearingMonitor(
            hearing_id=hearing.id,
            user_id=user.id,
            assigned_by_id=actor.id,
            assigned_at=clock.now(),
        )
        for user in users
    ]


def _monitors(actor: Actor, record: Proceeding | Hearing, uids: Iterable[UUID]) -> list[User]:
    """Return colleagues who can open what they go to; raises Refused for any other."""
    users = [colleague(actor, uid) for uid in dict.fromkeys(uids)]
    able = [
        user
        for user in users
        if user is not None and policy.allows(actor_of(user), Action.PROCEEDING_READ, record)
    ]
    if len(able) < len(users):
        raise Refused({"monitor": CANNOT_OPEN})
    return able
