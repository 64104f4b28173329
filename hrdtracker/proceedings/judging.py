"""Judgments about one accused each, when they were notified, and who appealed."""

from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import is_before
from hrdtracker.proceedings.drafts.judgments import (
    NOTIFIED_BEFORE,
    AppealDraft,
    JudgmentDraft,
    NotificationDraft,
)
from hrdtracker.proceedings.guarding import (
    check_dates,
    check_not_joined,
    chosen,
    family_of,
    in_each_case,
    part_in,
    parties_in,
)
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    Judgment,
    JudgmentAppeal,
    Party,
    Proceeding,
)

NOT_ACCUSED = N_("Only suspects and accused are judged.")
APPEALED_BEFORE = N_("The judgment was pronounced after this day.")


@idempotent
def add_judgments(actor: Actor, proceeding: Proceeding, draft: JudgmentDraft) -> Judgment:
    """Add the same judgment about several accused; return that about the first of them."""
    check_terms(declared_codes(Judgment.__tablename__, draft))
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        dates = {"pronounced": draft.pronounced, "notified": draft.notified}
        check_dates(None, dates)
        check_not_joined(proceeding, dates)
        parties = parties_in(actor, proceeding, draft.parties)
        if any(party.role not in ACCUSED_ROLES for party in parties):
            raise Refused({"parties": NOT_ACCUSED})

        def judge(some: list[Party]) -> list[Judgment]:
            rows = [_new_judgment(actor, party, draft) for party in some]
            add_all(rows)
            return rows

        signature.made = made = in_each_case(actor, parties, judge)[0]
    return made


def notify(
    actor: Actor, proceeding: Proceeding, uid: UUID, draft: NotificationDraft, version: int
) -> None:
    """Say when somebody was notified of a judgment; raises NotFound, Refused, Stale."""
    judgment = part_in(actor, proceeding, Judgment, uid)
    with authorised(actor, Action.PROCEEDING_RECORD, on=judgment, version=version):
        check_dates(None, {"notified": draft.notified})
        if is_before(draft.notified, Judgment.pronounced.plain(judgment)):
            raise Refused({"notified": NOTIFIED_BEFORE})
        judgment.notified = draft.notified
        judgment.confirmed_at, judgment.confirmed_by_id = clock.now(), actor.id


@idempotent
def add_appeals(actor: Actor, proceeding: Proceeding, draft: AppealDraft) -> JudgmentAppeal:
    """Say that somebody appealed some judgments; return the appeal of the first.

    Raises Refused beside the day where one was not pronounced yet.
    """
    check_terms(declared_codes(JudgmentAppeal.__tablename__, draft))
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        check_dates(None, {"filed": draft.filed})
        check_not_joined(proceeding, {"filed": draft.filed})
        of_it = select(Party.id).where(Party.proceeding_id.in_(family_of(proceeding)))
        judgments = chosen(
            actor, Judgment, draft.judgments, "judgments", Judgment.party_id.in_(of_it)
        )
        if any(is_before(draft.filed, Judgment.pronounced.plain(row)) for row in judgments):
            raise Refused({"filed": APPEALED_BEFORE})

        def appeal(some: list[Judgment]) -> list[JudgmentAppeal]:
            rows = [_new_appeal(actor, judgment, draft) for judgment in some]
            add_all(rows)
            return rows

        signature.made = made = in_each_case(actor, judgments, appeal)[0]
    return made


def _new_judgment(actor: Actor, party: Party, draft: JudgmentDraft) -> Judgment:
    said = draft.sentence
    return Judgment(
        scope_id=party.scope_id,
        data_key_id=party.data_key_id,
        party_id=party.id,
        pronounced=draft.pronounced,
        pronounced_by=draft.pronounced_by,
        presence=draft.presence,
        for_life=said.for_life,
        prison_months=said.prison and said.prison.months,
        prison_days=said.prison and said.prison.days,
        suspended_months=said.suspended and said.suspended.months,
        suspended_days=said.suspended and said.suspended.days,
        fine=said.fine and said.fine.amount,
        fine_currency=said.fine and said.fine.currency,
        damages=said.damages and said.damages.amount,
        damages_currency=said.damages and said.damages.currency,
        confiscated=said.confiscated,
        notified=draft.notified,
        note=draft.note,
        known_by=draft.known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _new_appeal(actor: Actor, judgment: Judgment, draft: AppealDraft) -> JudgmentAppeal:
    return JudgmentAppeal(
        scope_id=judgment.scope_id,
        data_key_id=judgment.data_key_id,
        judgment_id=judgment.id,
        appellant=draft.appellant,
        filed=draft.filed,
        note=draft.note,
        known_by=draft.known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
