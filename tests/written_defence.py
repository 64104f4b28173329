"""How drafts about requests of the defence, joining and separating are written."""

from hrdtracker.proceedings import joining, requests, titles
from hrdtracker.proceedings.drafts.proceedings import (
    JoiningDraft,
    ProceedingDraft,
    SeparationDraft,
)
from hrdtracker.proceedings.drafts.requests import DefenceRequestDraft, DefenceRequestUpdate
from hrdtracker.proceedings.drafts.titles import OrderDraft, OrderUpdate
from hrdtracker.proceedings.model import (
    CourtOrder,
    DefenceRequest,
    OrderKind,
    Proceeding,
    RequestKind,
    RequestStanding,
)
from tests import courts, make
from tests.written import Act


def _two_proceedings() -> tuple[Proceeding, Proceeding]:
    case = courts.case_with(2)
    return courts.opened(case), courts.opened(case)


def _against_three() -> Proceeding:
    return courts.opened(courts.case_with(3))


def _request() -> DefenceRequest:
    row = courts.opened(courts.case_with(2))
    draft = DefenceRequestDraft(courts.parties(row)[:1], RequestKind.BAIL, courts.on(18))
    return requests.file_requests(make.actor("monitor"), row, draft)


def _summons() -> CourtOrder:
    case = courts.case_with(1)
    draft = OrderDraft(courts.people(case), OrderKind.SUMMONS, courts.on(17))
    return titles.add_orders(make.actor("monitor"), case, draft)


DEFENCE_ACTS = [
    Act(
        "update_order",
        _summons,
        lambda row, draft: titles.update_order(make.actor("monitor"), row, draft, row.version),
        lambda _: OrderUpdate(),
        lambda _: {
            "due": courts.on(20),
            "executed": courts.on(18),
            "withdrawn": courts.on(19),
            "note": "By letter.",
            "known_by": "lawyer",
        },
    ),
    Act(
        "add_orders: keeps_detained",
        lambda: courts.case_with(1),
        lambda case, draft: titles.add_orders(make.actor("monitor"), case, draft),
        lambda case: OrderDraft(courts.people(case), OrderKind.SENT_TO_TRIAL, courts.on(17)),
        lambda _: {"keeps_detained": True},
    ),
    Act(
        "join",
        _two_proceedings,
        lambda rows, draft: joining.join(make.actor("monitor"), rows[0], draft, rows[0].version),
        lambda rows: JoiningDraft(rows[1].uid, courts.on(18)),
        lambda _: {"joined": courts.on(19), "known_by": "document"},
    ),
    Act(
        "separate",
        _against_three,
        lambda row, draft: joining.separate(make.actor("monitor"), row, draft),
        lambda row: SeparationDraft(courts.parties(row)[:1], courts.on(18), courts.FACTS),
        lambda row: {
            "parties": courts.parties(row)[:2],
            "separated": courts.on(19),
            "facts": ProceedingDraft("trial"),
            "known_by": "document",
        },
    ),
    Act(
        "file_requests",
        lambda: courts.opened(courts.case_with(2)),
        lambda row, draft: requests.file_requests(make.actor("monitor"), row, draft),
        lambda row: DefenceRequestDraft(courts.parties(row)[:1], RequestKind.BAIL, courts.on(18)),
        lambda row: {
            "parties": courts.parties(row),
            "kind": RequestKind.RELEASE,
            "filed": courts.on(19),
            "filed_by": "family",
            "note": "By letter.",
            "known_by": "family",
        },
    ),
    Act(
        "update_request",
        _request,
        lambda row, draft: requests.update_request(make.actor("monitor"), row, draft, row.version),
        lambda _: DefenceRequestUpdate(RequestStanding.REFUSED, decided=courts.on(20)),
        lambda _: {
            "standing": RequestStanding.PARTLY,
            "opinion": "opposes",
            "opinion_received": courts.on(19),
            "decided": courts.on(21),
            "decided_by": "investigating_judge",
            "notified": courts.on(22),
            "appealed": courts.on(23),
            "note": "Read out.",
            "known_by": "saw",
        },
    ),
]
