"""A rule of law changes as two people want it: one proposes, a lawyer or an administrator confirms.

A change, a review too, is a new version; the one before is superseded and stays as it was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused, Stale, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.text import Reasons
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.service import enqueue
from hrdtracker.proceedings.legal_rules.book import (
    COUNTRY,
    book_from,
    holidays_that_count,
    last_numbers,
    versions_that_count,
)
from hrdtracker.proceedings.legal_rules.drafts import (
    HolidaysDraft,
    ReviewDraft,
    RuleDraft,
    TakingAwayDraft,
)
from hrdtracker.proceedings.legal_rules.model import (
    COLUMN_OF,
    LegalRuleVersion,
    PublicHoliday,
    columns_of,
)
from hrdtracker.proceedings.rules import cells
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.cells import BadCell
from hrdtracker.proceedings.rules.checked import RuleFault, checked
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.rows import Row

DAY = timedelta(days=1)
NOTHING = N_("This is what it says already.")
LOOK_FIRST = N_("Look first at whose limits would move.")
MOVED_ON = N_("The rules changed meanwhile. Propose yours anew.")
NO_REVIEW: Mapping[str, str] = MappingProxyType({"reviewed_by": "", "reviewed_on": ""})
FOLLOWS = "follows"
"""Under which name a proposal says that the law itself changed."""


def propose_version(actor: Actor, rule: LegalRuleVersion, draft: RuleDraft) -> Proposal:
    """Propose that a rule says something else; nobody has reviewed that yet. Raises Refused.

    What does not hold is refused with the sentence for which a file would be, beside its field.
    """
    changed = {name: text.strip() for name, text in draft.cells.items()}
    row = {**rule.cells(), **changed}
    if row == rule.cells():
        raise Refused({"": NOTHING})
    return _propose(actor, rule, {**row, **NO_REVIEW}, follows=draft.follows)


def propose_review(actor: Actor, rule: LegalRuleVersion, draft: ReviewDraft) -> Proposal:
    """Propose that a rule stands as one that a lawyer reviewed. Raises Refused."""
    review = {
        "reviewed_by": draft.reviewed_by.strip(),
        "reviewed_on": draft.reviewed_on.isoformat(),
    }
    row = {**rule.cells(), **review}
    if row == rule.cells():
        raise Refused({"": NOTHING})
    return _propose(actor, rule, row, follows=False)


def _propose(actor: Actor, rule: LegalRuleVersion, row: Row, *, follows: bool) -> Proposal:
    with authorised(actor, Action.LAW_CHANGE, within=rule):
        if rule.superseded_at is not None:
            raise WrongStatus(MOVED_ON)
        _check_follows(rule, row, follows=follows)
        _refuse_faults(_faults_with(rule, row, follows=follows), rule.key)
        said = rule.cells()
        before = {COLUMN_OF[name]: said[name] for name in row if row[name] != said[name]}
        wanted = {COLUMN_OF[name]: row[name] for name in row if row[name] != said[name]}
        proposals.supersede(Action.LAW_CHANGE, rule)
        told = {"key": rule.key, "en": rule.says, "km": rule.says_km}
        values: dict[str, Any] = {**wanted, "before": before, FOLLOWS: follows, "rule": told}
        return proposals.propose(actor, Action.LAW_CHANGE, rule, ProposedChange(values))


def _check_follows(version: LegalRuleVersion, row: Row, *, follows: bool) -> None:
    """Refuse a new law that does not say from when, or from before the one it follows."""
    if not follows:
        return
    try:
        begins = cells.day(row["valid_from"])
    except BadCell as fault:
        raise Refused({"valid_from": fault.reason}) from None
    if begins is None:
        raise Refused({"valid_from": N_("Say from which day it is the law.")})
    if version.valid_from and begins <= version.valid_from:
        raise Refused({"valid_from": N_("It must begin after the version that it follows.")})


def _faults_with(version: LegalRuleVersion, row: Row, *, follows: bool) -> list[RuleFault]:
    """Return what would be wrong with all rules if a version said this."""
    named: list[tuple[Message | str, Row]] = []
    for each in versions_that_count(version.organisation_id):
        place = Message(N_("version %(number)s"), {"number": each.number})
        if each.id == version.id:
            named += [(place, _ended(each, row))] if follows else []
            named.append((N_("the new version"), row))
        else:
            named.append((place, each.cells()))
    return checked(named, COUNTRY, rule_book(COUNTRY).words)[1]


def _ended(version: LegalRuleVersion, row: Row) -> Row:
    """Return what a version says once the law of another row follows it."""
    last = date.fromisoformat(row["valid_from"]) - DAY
    if version.valid_until is not None:
        last = min(last, version.valid_until)
    return {**version.cells(), "valid_until": last.isoformat()}


def _refuse_faults(faults: Sequence[RuleFault], key: str) -> None:
    """Raise Refused with each fault beside its field; those of other rules name them."""
    reasons: Reasons = {}
    for fault in faults:
        if fault.key in {"", key}:
            reasons.setdefault(COLUMN_OF.get(fault.column, fault.column), fault.why)
        else:
            told = {"rule": fault.key, "why": fault.why}
            reasons.setdefault("", Message(N_("%(rule)s: %(why)s"), told))
    if reasons:
        raise Refused(reasons)


def propose_holidays(actor: Actor, organisation: Organisation, draft: HolidaysDraft) -> Proposal:
    """Propose the public holidays of a decree. Raises Refused."""
    with authorised(actor, Action.LAW_CHANGE, within=organisation):
        known = {each.day for each in holidays_that_count(organisation.id) if each.name}
        twice = sorted(day for day, _ in draft.days if day in known)
        if twice:
            day = {"day": twice[0].isoformat()}
            raise Refused({"days": Message(N_("%(day)s is a public holiday already."), day)})
        days = {day.isoformat(): name.strip() for day, name in draft.days}
        values: dict[str, Any] = {"decree": draft.decree.strip(), "days": days}
        _check_not_proposed(organisation, values)
        return proposals.propose(actor, Action.LAW_CHANGE, organisation, ProposedChange(values))


def propose_taking_away(actor: Actor, holiday: PublicHoliday, draft: TakingAwayDraft) -> Proposal:
    """Propose that a day is no public holiday any more. Raises Refused, WrongStatus."""
    with authorised(actor, Action.LAW_CHANGE, within=holiday):
        if holiday.taken_away_at is not None:
            raise WrongStatus
        proposals.supersede(Action.LAW_CHANGE, holiday)
        told = {"day": holiday.day.isoformat(), "name": holiday.name}
        values: dict[str, Any] = {"decree": draft.decree.strip(), "holiday": told}
        return proposals.propose(actor, Action.LAW_CHANGE, holiday, ProposedChange(values))


def _check_not_proposed(organisation: Organisation, values: Mapping[str, Any]) -> None:
    """Refuse what waits already: a form that was sent twice asks once."""
    query = select(Proposal).where(
        Proposal.action == Action.LAW_CHANGE,
        Proposal.subject_uid == organisation.uid,
        Proposal.status == ProposalStatus.WAITS,
    )
    if any(each.values == values for each in session().scalars(query)):
        raise Refused({"": N_("This is proposed already, and waits for a second person.")})


def _check_seen(proposal: Proposal, seen: str | None) -> None:
    """Raise Stale where what a change would move was not seen by the law as it stands now."""
    organisation = session().get_one(Organisation, proposal.organisation_id)
    lock(organisation)
    if seen != str(organisation.rules_version):
        raise Stale(LOOK_FIRST)


@consequence(Action.LAW_CHANGE, look=_check_seen)
class LawChanged:
    """A rule of law or public holidays as a lawyer and an administrator want them."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it count; raises WrongStatus where the rules changed so that it no longer holds."""
        organisation = session().get_one(Organisation, proposal.organisation_id)
        lock(organisation)
        _EFFECTS[proposal.subject_type](proposal)
        organisation.rules_version += 1
        enqueue(JobKind.CLOCKS)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave it as it is: nothing held yet."""


def _supersede(proposal: Proposal) -> None:
    query = select(LegalRuleVersion).where(LegalRuleVersion.uid == proposal.subject_uid)
    version = session().scalars(query).one()
    lock(version)
    row, follows = _wanted(version, proposal), bool(proposal.values[FOLLOWS])
    if version.superseded_at is not None or _faults_with(version, row, follows=follows):
        raise WrongStatus(MOVED_ON)
    rows = [_ended(version, row), row] if follows else [row]
    version.superseded_at = clock.now()
    last = last_numbers(version.organisation_id)[version.key]
    session().add_all(
        LegalRuleVersion(
            organisation_id=version.organisation_id,
            country=version.country,
            number=last + number,
            position=version.position,
            from_file=False,
            recorded_at=clock.now(),
            proposed_by_id=proposal.proposed_by_id,
            confirmed_by_id=proposal.decided_by_id,
            **columns_of(each),
        )
        for number, each in enumerate(rows, 1)
    )


def _wanted(version: LegalRuleVersion, proposal: Proposal) -> Row:
    """Return the row that a proposal wants a version to be."""
    values = proposal.values
    return {name: str(values.get(COLUMN_OF[name], said)) for name, said in version.cells().items()}


def _add_days(proposal: Proposal) -> None:
    values: Mapping[str, Any] = proposal.values
    known = {each.day for each in holidays_that_count(proposal.organisation_id) if each.name}
    session().add_all(
        PublicHoliday(
            organisation_id=proposal.organisation_id,
            country=COUNTRY,
            day=date.fromisoformat(day),
            name=name,
            decree=values["decree"],
            recorded_at=clock.now(),
        )
        for day, name in values["days"].items()
        if date.fromisoformat(day) not in known
    )


def _take_away(proposal: Proposal) -> None:
    query = select(PublicHoliday).where(PublicHoliday.uid == proposal.subject_uid)
    holiday = session().scalars(query).one()
    lock(holiday)
    if holiday.taken_away_at is not None:
        raise WrongStatus
    holiday.taken_away_at = clock.now()
    holiday.taken_away_by_decree = str(proposal.values["decree"])


_EFFECTS: Mapping[str, Callable[[Proposal], None]] = MappingProxyType(
    {
        LegalRuleVersion.__tablename__: _supersede,
        Organisation.__tablename__: _add_days,
        PublicHoliday.__tablename__: _take_away,
    }
)
"""What follows from a change, by what it is about."""


# Before it counts -------------------------------------------------------------------------------


def book_with(proposal: Proposal) -> RuleBook:
    """Return the rules as they would count once a proposed change of the law is confirmed.

    Raises WrongStatus where the rules changed so that it no longer holds.
    """
    organisation_id = proposal.organisation_id
    holidays = {each.day: each.name for each in holidays_that_count(organisation_id)}
    values: Mapping[str, Any] = proposal.values
    if proposal.subject_type == Organisation.__tablename__:
        added = {date.fromisoformat(day): name for day, name in values["days"].items()}
        holidays |= added
    elif proposal.subject_type == PublicHoliday.__tablename__:
        holidays.pop(date.fromisoformat(values["holiday"]["day"]), None)
    return book_from(_rows_with(proposal), holidays)


def _rows_with(proposal: Proposal) -> Iterator[Row]:
    found = proposal.subject_type != LegalRuleVersion.__tablename__
    for version in versions_that_count(proposal.organisation_id):
        if version.uid != proposal.subject_uid:
            yield version.cells()
        else:
            found, row = True, _wanted(version, proposal)
            yield from [_ended(version, row)] if proposal.values[FOLLOWS] else []
            yield row
    if not found:
        raise WrongStatus(MOVED_ON)
