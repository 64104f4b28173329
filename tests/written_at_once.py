"""How what a court did about many people is written, and another value for each of its fields."""

from uuid import UUID

from hrdtracker.cases.model import Case
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.proceedings.at_once import service as at_once
from hrdtracker.proceedings.at_once.everybody import everybody
from hrdtracker.proceedings.drafts.at_once import CourtAct, ManyDraft
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft
from tests import courts, make
from tests.written import Act
from tests.written_courts import LAND, SENTENCE


def _everybody(case: Case) -> tuple[UUID, ...]:
    return tuple(row.uid for row in everybody(make.actor("monitor"), case))


AT_ONCE_ACTS = [
    *(
        Act(
            f"what a court did to many: {name}",
            courts.charged_case,
            lambda row, draft, kind=kind: at_once.record(  # type: ignore[misc]
                make.actor("monitor"),
                courts.case_of(row),
                ManyDraft(kind, courts.on(19), _everybody(courts.case_of(row)), court=draft),
            ),
            lambda row: CourtAct(row.uid, decided_by="first_instance", qualifications=(LAND,)),
            others,
        )
        for name, kind, others in (
            (
                "charged",
                CustodyEvent.CHARGED,
                lambda row: {
                    "proceeding": courts.opened(courts.case_of(row), accused=()).uid,
                    "opening": ProceedingDraft("trial"),
                    "decided_by": "prosecutor",
                    "qualifications": (LAND, courts.INCITEMENT),
                    "alleged": courts.on(16),
                },
            ),
            ("sentenced", CustodyEvent.SENTENCED, lambda _: {"sentence": SENTENCE}),
            ("acquitted", CustodyEvent.ACQUITTAL, lambda _: {"is_released": True}),
        )
    ),
]
