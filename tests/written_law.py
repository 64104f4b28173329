"""How each draft about the law and its limits is written, and another value for each field."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from hrdtracker.access.actor import operator
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings.clocks import disputes
from hrdtracker.proceedings.clocks.at_limit import extension_seen
from hrdtracker.proceedings.clocks.drafts import DisputeDraft, ReplacementDraft, SeenExtension
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.replacing import propose_replacing
from hrdtracker.proceedings.legal_rules.book import holidays_that_count, versions_that_count
from hrdtracker.proceedings.legal_rules.drafts import (
    HolidaysDraft,
    ReviewDraft,
    RuleDraft,
    TakingAwayDraft,
)
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday
from hrdtracker.proceedings.legal_rules.service import (
    propose_holidays,
    propose_review,
    propose_taking_away,
    propose_version,
)
from tests import courts, make
from tests.clocks import adult, arrive
from tests.written import Act

ARRIVED = clock.now().replace(second=0, microsecond=0) - timedelta(hours=5)
ENDS = ARRIVED + timedelta(hours=40)
FROM_JULY = {"amount": "36 hours", "valid_from": "2027-07-01"}
NEW_YEAR = (date(2027, 1, 1), "New Year")


def _counts(propose: Callable[..., Proposal]) -> Callable[[Any, Any], None]:
    """Return what proposes a change of the law as a lawyer, and has it confirmed."""

    def write(record: Any, draft: Any) -> None:
        make.confirm_law("admin", propose(make.actor("legal"), record, draft))

    return write


def _rule() -> LegalRuleVersion:
    """Return a rule that says what its file does, and that nobody reviewed."""
    organisation = make.organisation()
    load_rules(operator(organisation.id), organisation)
    version = _custody()
    if not version.from_file:
        as_before = RuleDraft({"amount": "48 hours", "valid_from": "", "note": f"{version.uid}"})
        _counts(propose_version)(version, as_before)
    return _custody()


def _custody() -> LegalRuleVersion:
    versions = versions_that_count(make.organisation().id)
    return next(each for each in versions if each.key == "custody_base")


def _no_holidays() -> Any:
    """Return the organisation, in which no day is a public holiday."""
    organisation = make.organisation()
    for holiday in holidays_that_count(organisation.id):
        _counts(propose_taking_away)(holiday, TakingAwayDraft("No. 1"))
    return organisation


def _holiday() -> PublicHoliday:
    organisation = _no_holidays()
    _counts(propose_holidays)(organisation, HolidaysDraft("No. 1", [NEW_YEAR]))
    (holiday,) = holidays_that_count(organisation.id)
    return holiday


def _limit() -> Clock:
    """Return the custody of somebody in a case that the legal officer was let into."""
    incident = make.incident(
        occurred=When.day(ARRIVED.astimezone(make.ZONE).date(), make.ZONE),
        victims=(Victim(described=adult()),),
        type="arrest",
    )
    arrive(incident, When.minute(ARRIVED.astimezone(make.ZONE), make.ZONE))
    until = clock.now() + timedelta(days=30)
    member = MemberDraft(make.user("legal").uid, "She follows the custody.", until)
    sharing.add_member(make.actor("director"), make.case_of(incident), member)
    of_incident = select(Clock).where(Clock.scope_id == incident.scope_id)
    return session().scalars(of_incident.where(Clock.clock == "police_custody")).one()


def _reached() -> Clock:
    """Return the custody of somebody charged with a felony."""
    kept = _limit()
    case = session().scalars(select(Case).where(Case.scope_id == kept.scope_id)).one()
    courts.charged(courts.opened(case), qualification=courts.FELONY)
    return kept


def _disputed() -> Clock:
    """Return a limit that a legal officer disputes."""
    kept = _limit()
    disputes.dispute(make.actor("legal"), kept, DisputeDraft(ENDS, "The order names another hour."))
    return kept


def _set(row: Clock, draft: ReplacementDraft) -> None:
    proposal = propose_replacing(make.actor("legal"), row, draft)
    proposals.confirm(make.actor("director"), proposal)


LAW_ACTS = [
    Act(
        "propose_replacing",
        _disputed,
        _set,
        lambda _: ReplacementDraft("paper_seen"),
        lambda _: {"reason": "court_decided"},
    ),
    Act(
        "extension_seen",
        _reached,
        lambda row, draft: extension_seen(make.actor("monitor"), row, 1, draft),
        lambda _: SeenExtension(When.minute(ARRIVED, make.ZONE), "prosecutor"),
        lambda _: {
            "ordered": When.day(ARRIVED.astimezone(make.ZONE).date(), make.ZONE),
            "ordered_by": "investigating_judge",
            "in_writing": True,
            "known_by": "document",
        },
    ),
    Act(
        "dispute",
        _limit,
        lambda row, draft: disputes.dispute(make.actor("legal"), row, draft),
        lambda _: DisputeDraft(ENDS, "The order names another hour."),
        lambda _: {"ends_at": ENDS + timedelta(hours=1), "reason": "He arrived later."},
    ),
    Act(
        "propose_version",
        _rule,
        _counts(propose_version),
        lambda _: RuleDraft(FROM_JULY),
        lambda _: {"cells": {**FROM_JULY, "amount": "24 hours"}, "follows": True},
    ),
    Act(
        "propose_review",
        _rule,
        _counts(propose_review),
        lambda _: ReviewDraft("Advocate A.", date(2026, 11, 10)),
        lambda _: {"reviewed_by": "Advocate B.", "reviewed_on": date(2026, 11, 11)},
    ),
    Act(
        "propose_holidays",
        _no_holidays,
        _counts(propose_holidays),
        lambda _: HolidaysDraft("No. 1", [NEW_YEAR]),
        lambda _: {"decree": "No. 2", "days": [(date(2027, 1, 7), "Victory")]},
    ),
    Act(
        "propose_taking_away",
        _holiday,
        _counts(propose_taking_away),
        lambda _: TakingAwayDraft("No. 2"),
        lambda _: {"decree": "No. 3"},
    ),
]
