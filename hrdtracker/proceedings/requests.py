"""Requests of the defence are filed for several accused at once, and decided one by one."""

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.when.model import is_before
from hrdtracker.proceedings.drafts.requests import DefenceRequestDraft, DefenceRequestUpdate
from hrdtracker.proceedings.guarding import (
    check_dates,
    check_not_joined,
    in_each_case,
    parties_in,
)
from hrdtracker.proceedings.model import ACCUSED_ROLES, DefenceRequest, Party, Proceeding
from hrdtracker.proceedings.workflow import REQUEST

NOT_ACCUSED = N_("Only for suspects and accused the defence asks.")
FILED_AFTER = N_("It was filed after this day.")
DECIDED_OTHERWISE = N_("Something else was recorded. Say first that it is undecided.")
SAID = (
    "opinion", "opinion_received", "decided", "decided_by", "notified", "appealed", "note",
    "known_by",
)  # fmt: skip
"""What is kept of an update as it says it."""


@idempotent
def file_requests(
    actor: Actor, proceeding: Proceeding, draft: DefenceRequestDraft
) -> DefenceRequest:
    """File the same request for several accused; return that for the first of them."""
    check_terms(declared_codes(DefenceRequest.__tablename__, draft))
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        check_dates(None, {"filed": draft.filed})
        check_not_joined(proceeding, {"filed": draft.filed})
        parties = parties_in(actor, proceeding, draft.parties)
        if any(party.role not in ACCUSED_ROLES for party in parties):
            raise Refused({"parties": NOT_ACCUSED})

        def ask(some: list[Party]) -> list[DefenceRequest]:
            rows = [_new_request(actor, party, draft) for party in some]
            add_all(rows)
            return rows

        signature.made = made = in_each_case(actor, parties, ask)[0]
    return made


def update_request(
    actor: Actor, request: DefenceRequest, draft: DefenceRequestUpdate, version: int
) -> None:
    """Say what became of a request; nobody is free by it alone. Raises Refused, Stale."""
    check_terms(declared_codes(DefenceRequest.__tablename__, draft))
    with authorised(actor, Action.PROCEEDING_RECORD, on=request, version=version):
        dates = {
            "opinion_received": draft.opinion_received,
            "decided": draft.decided,
            "notified": draft.notified,
            "appealed": draft.appealed,
        }
        check_dates(None, dates)
        filed = DefenceRequest.filed.plain(request)
        early = {name: FILED_AFTER for name, when in dates.items() if is_before(when, filed)}
        if early:
            raise Refused(early)
        if draft.standing != request.status:
            _move(request, draft)
        for name in SAID:
            setattr(request, name, getattr(draft, name))
        request.confirmed_at, request.confirmed_by_id = clock.now(), actor.id


def _move(request: DefenceRequest, draft: DefenceRequestUpdate) -> None:
    try:
        REQUEST.take(request, Action.PROCEEDING_RECORD, draft.standing)
    except WrongStatus as otherwise:
        raise Refused({"standing": DECIDED_OTHERWISE}) from otherwise


def _new_request(actor: Actor, party: Party, draft: DefenceRequestDraft) -> DefenceRequest:
    return DefenceRequest(
        scope_id=party.scope_id,
        data_key_id=party.data_key_id,
        party_id=party.id,
        kind=draft.kind,
        status=REQUEST.first,
        filed=draft.filed,
        filed_by=draft.filed_by,
        note=draft.note,
        known_by=draft.known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
