"""Who proposed what takes two people, and who decided it, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from flask_babel import gettext

from hrdtracker.accounts.model import ProposalStatus
from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.web.shell.context import locale, today, zone

DECIDED: Mapping[ProposalStatus, str] = MappingProxyType(
    {
        ProposalStatus.CONFIRMED: N_("Confirmed by %(who)s, %(at)s."),
        ProposalStatus.REFUSED: N_("Refused by %(who)s, %(at)s."),
        ProposalStatus.STOPPED: N_("Confirmed by %(who)s, %(at)s."),
    }
)
"""What is said of who decided; the badge says that it was stopped since."""


def say_proposed(line: OpenProposal) -> str:
    """Say who proposed it, and when; whoever stands outside reads no names."""
    at = _at(line.proposal.proposed_at)
    if line.proposer:
        return str(gettext("Proposed by %(who)s, %(at)s.", who=line.proposer.display_name, at=at))
    if line.proposal.proposed_by_id:
        return str(gettext("Proposed by a colleague, %(at)s.", at=at))
    return str(gettext("Given on the machine itself, %(at)s.", at=at))


def say_decided(line: OpenProposal) -> str:
    """Say who decided it, and when; nothing where nobody did. Who stands outside reads no names."""
    proposal = line.proposal
    sentence = DECIDED.get(ProposalStatus(proposal.status))
    if sentence is None or proposal.decided_by_id is None or proposal.decided_at is None:
        return ""
    who = line.decider.display_name if line.decider else gettext("a colleague")
    return str(gettext(sentence, who=who, at=_at(proposal.decided_at)))


def _at(moment: datetime) -> str:
    return say_instant(moment, zone(), locale(), today())
