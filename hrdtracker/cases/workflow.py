"""The arrows of a case: open, closed, reopened."""

from hrdtracker.access.action import Action
from hrdtracker.cases.model import CaseStatus
from hrdtracker.core.workflow import Step, Workflow

CASE = Workflow(
    CaseStatus.OPEN,
    (
        Step(Action.CASE_CLOSE, CaseStatus.OPEN, CaseStatus.CLOSED),
        Step(Action.CASE_CLOSE, CaseStatus.REOPENED, CaseStatus.CLOSED),
        Step(Action.CASE_REOPEN, CaseStatus.CLOSED, CaseStatus.REOPENED),
    ),
)
