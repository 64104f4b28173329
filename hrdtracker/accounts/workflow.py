"""The arrows of an act that takes two: it waits, and somebody decides, stops it, or it lapses."""

from hrdtracker.access.action import Action
from hrdtracker.accounts.model import ProposalStatus
from hrdtracker.core.workflow import Step, Workflow

PROPOSAL = Workflow(
    ProposalStatus.WAITS,
    (
        Step(Action.PROPOSAL_CONFIRM, ProposalStatus.WAITS, ProposalStatus.CONFIRMED),
        Step(Action.PROPOSAL_COUNT, ProposalStatus.WAITS, ProposalStatus.CONFIRMED),
        Step(Action.PROPOSAL_REFUSE, ProposalStatus.WAITS, ProposalStatus.REFUSED),
        Step(Action.PROPOSAL_TAKE_BACK, ProposalStatus.WAITS, ProposalStatus.TAKEN_BACK),
        Step(Action.PROPOSAL_STOP, ProposalStatus.WAITS, ProposalStatus.STOPPED),
        Step(Action.PROPOSAL_STOP, ProposalStatus.CONFIRMED, ProposalStatus.STOPPED),
        Step(Action.PROPOSAL_SETTLE, ProposalStatus.WAITS, ProposalStatus.LAPSED),
    ),
)
