"""A rule of law or a public holiday changes as a lawyer and an administrator want it together."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select, update

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import Role, User
from hrdtracker.access.policy import allows
from hrdtracker.accounts import proposals, waiting_time
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.queries import open_proposals, to_confirm
from hrdtracker.authorised import side_transaction
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, Stale, WrongStatus
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.book import book_of
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
from hrdtracker.proceedings.rules.model import Amount, LegalRule, LengthUnit
from tests import make

REVIEW = ReviewDraft("Advocate A.", date(2026, 11, 10))
NEW_YEAR = HolidaysDraft("Sub-decree 1", [(date(2027, 1, 1), "New Year")])


@pytest.fixture(autouse=True)
def loaded(unit: None) -> None:
    organisation = make.organisation()
    load_rules(operator(organisation.id), organisation)


def _version(key: str = "custody_base") -> LegalRuleVersion:
    return next(each for each in queries.rules(make.actor("legal")) if each.key == key)


def _rules(key: str = "custody_base") -> tuple[LegalRule, ...]:
    return book_of(make.organisation()).of_key(key)


def _confirm(login: str, proposal: Proposal) -> None:
    make.confirm_law(login, proposal)


def _propose(login: str = "legal", *, follows: bool = False, **cells: str) -> Proposal:
    return propose_version(make.actor(login), _version(), _draft(cells, follows=follows))


def _draft(cells: dict[str, str], *, follows: bool = False) -> RuleDraft:
    return RuleDraft({name.removesuffix("_"): cell for name, cell in cells.items()}, follows)


def test_a_change_counts_once_the_other_of_the_two_confirms_it_and_is_a_new_version() -> None:
    before = _version()
    proposal = _propose(amount="36 hours")
    assert _rules()[0].counts.amount == _amount("48")
    _confirm("admin", proposal)
    assert _rules()[0].counts.amount == _amount("36")
    after = _version()
    assert (after.number, after.from_file) == (2, False)
    assert after.proposed_by_id == make.user("legal").id
    assert after.confirmed_by_id == make.user("admin").id
    assert (before.number, before.amount) == (1, "48 hours")
    assert before.superseded_at is not None


def _amount(hours: str) -> Amount:
    return Amount(Fraction(hours), LengthUnit.HOURS)


@pytest.mark.parametrize(
    ("first", "second", "may"),
    [
        ("legal", "admin", True),
        ("admin", "legal", True),
        ("admin", "admin2", False),
        ("admin", "national", False),
        ("admin", "second", False),
        ("legal", "national", False),
        ("legal", "legal", False),
    ],
)
def test_one_of_them_is_a_lawyer_and_the_other_an_administrator(
    first: str,
    second: str,
    may: bool,  # noqa: FBT001
) -> None:
    proposal = _propose(first, amount="36 hours")
    assert allows(make.actor(second), Action.PROPOSAL_CONFIRM, proposal) is may


def test_two_lawyers_are_not_enough() -> None:
    make.role_given("nobody", Role.LEGAL_OFFICER, None)
    proposal = _propose("nobody", amount="36 hours")
    assert not allows(make.actor("legal"), Action.PROPOSAL_CONFIRM, proposal)


@pytest.mark.parametrize(("made", "by"), [("admin", "legal"), ("legal", "admin")])
def test_nobody_confirms_what_an_account_proposed_that_one_of_the_two_let_in(
    made: str, by: str
) -> None:
    proposal = _propose(amount="36 hours")
    values = {"let_in_by_id": make.user(by).id}
    changed = update(User).where(User.id == make.user(made).id).values(values)
    side_transaction(lambda: session().connection().execute(changed))
    with pytest.raises(NotAllowed):
        _confirm("admin", proposal)


@pytest.mark.parametrize("login", ["monitor", "director", "national", "auditor", "second"])
def test_nobody_else_proposes_a_change(login: str) -> None:
    with pytest.raises(NotAllowed):
        _propose(login, amount="36 hours")


def test_a_change_does_not_come_to_count_by_waiting() -> None:
    proposal = _propose(amount="36 hours")
    assert waiting_time.counts_from(proposal) is None
    assert not allows(make.actor("legal"), Action.PROPOSAL_STOP, proposal)


WRONG = [
    ({"amount": "2 months"}, "counting", "months, years and shares of a term have no exact length"),
    ({"counting": ""}, "counting", "this kind needs to say how it is counted"),
    ({"amount": "soon"}, "amount", "“soon” does not begin with a number"),
    ({"from_": "custody.landing"}, "runs_from", "unknown event “custody.landing”"),
    ({"sources": "hearsay"}, "sources", "unknown source “hearsay”"),
    ({"confidence": "disputed"}, "disputed", "what is disputed needs to say what the dispute is"),
    ({"ages": "17+"}, "", "custody_minor_16_17_felony: its clock ends by custody_base"),
]


@pytest.mark.parametrize(("cells", "column", "why"), WRONG)
def test_what_a_file_would_be_refused_for_is_refused_here_beside_its_field(
    cells: dict[str, str], column: str, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        propose_version(make.actor("legal"), _version(), _draft(cells))
    assert str(refused.value.reasons[column]).startswith(why)


def test_what_changes_nothing_is_refused() -> None:
    with pytest.raises(Refused):
        _propose(amount="48 hours")


def test_where_the_law_changed_the_version_before_counts_until_the_day_before() -> None:
    _confirm("admin", _propose(follows=True, amount="24 hours", valid_from="2027-07-01"))
    before, after = _rules()
    assert before.valid_until == date(2027, 6, 30)
    assert (after.valid_from, after.counts.amount.number) == (date(2027, 7, 1), 24)  # type: ignore[union-attr]
    numbers = [each.number for each in queries.versions(make.actor("legal"), "custody_base")]
    assert numbers == [3, 2, 1]


def test_a_new_law_says_from_when_and_begins_after_the_one_before() -> None:
    assert make.refused(lambda: _propose(follows=True, amount="24 hours")) == {"valid_from"}
    _confirm("admin", _propose(follows=True, amount="24 hours", valid_from="2027-07-01"))
    later = queries.versions(make.actor("legal"), "custody_base")[0]
    too_early = RuleDraft({"amount": "12 hours", "valid_from": "2027-07-01"}, follows=True)
    with pytest.raises(Refused):
        propose_version(make.actor("legal"), later, too_early)


def test_versions_that_overlap_are_refused() -> None:
    _confirm("admin", _propose(follows=True, amount="24 hours", valid_from="2027-07-01"))
    later = queries.versions(make.actor("legal"), "custody_base")[0]
    with pytest.raises(Refused) as refused:
        propose_version(make.actor("legal"), later, RuleDraft({"valid_from": "2027-06-01"}))
    assert "overlaps the one of version 2" in str(refused.value.reasons["valid_from"])


def test_a_review_counts_once_it_is_confirmed_and_ends_with_the_next_change() -> None:
    legal = make.actor("legal")
    proposal = propose_review(legal, _version(), REVIEW)
    assert not _rules()[0].is_reviewed
    _confirm("admin", proposal)
    assert _rules()[0].is_reviewed
    assert queries.review_count(legal) == queries.ReviewCount(1, 97)
    _confirm("admin", _propose(note="Read again."))
    assert not _rules()[0].is_reviewed
    assert queries.review_count(legal).reviewed == 0


def test_what_was_proposed_for_a_version_that_is_gone_is_proposed_anew() -> None:
    version = _version()
    first = _propose(amount="36 hours")
    _confirm("admin", first)
    with pytest.raises(WrongStatus):
        propose_review(make.actor("legal"), version, REVIEW)


def test_loading_leaves_what_two_people_said() -> None:
    _confirm("admin", _propose(amount="36 hours"))
    organisation = make.organisation()
    loaded = load_rules(operator(organisation.id), organisation)
    assert (loaded.changed, loaded.kept) == (0, 1)
    assert _version().amount == "36 hours"


def test_the_holidays_of_a_decree_count_once_they_are_confirmed_and_a_day_can_be_taken_away() -> (
    None
):
    legal, organisation = make.actor("legal"), make.organisation()
    proposal = propose_holidays(legal, organisation, NEW_YEAR)
    assert book_of(organisation).holidays.is_working(date(2027, 1, 1)) is None
    _confirm("admin", proposal)
    assert book_of(organisation).holidays.is_working(date(2027, 1, 1)) is False
    (holiday,) = session().scalars(select(PublicHoliday))
    _confirm("legal", propose_taking_away(make.actor("admin"), holiday, TakingAwayDraft("No. 2")))
    assert (holiday.decree, holiday.taken_away_by_decree) == ("Sub-decree 1", "No. 2")
    assert queries.holidays(legal) == []
    with pytest.raises(WrongStatus):
        propose_taking_away(legal, holiday, TakingAwayDraft("No. 3"))


def test_a_day_that_is_a_holiday_already_and_a_form_sent_twice_are_refused() -> None:
    legal, organisation = make.actor("legal"), make.organisation()
    proposal = propose_holidays(legal, organisation, NEW_YEAR)
    with pytest.raises(Refused):
        propose_holidays(legal, organisation, NEW_YEAR)
    _confirm("admin", proposal)
    with pytest.raises(Refused):
        propose_holidays(legal, organisation, NEW_YEAR)


DRAFTS = [
    (lambda: RuleDraft({"key": "another"}), "key"),
    (lambda: ReviewDraft(" ", date(2026, 11, 1)), "reviewed_by"),
    (lambda: ReviewDraft("A.", date(2099, 1, 1)), "reviewed_on"),
    (lambda: HolidaysDraft("", NEW_YEAR.days), "decree"),
    (lambda: HolidaysDraft("No. 1", []), "days"),
    (lambda: HolidaysDraft("No. 1", [(date(2027, 1, 1), "")]), "days"),
    (lambda: HolidaysDraft("No. 1", [(date(2027, 1, 1), "A"), (date(2027, 1, 1), "B")]), "days"),
    (lambda: HolidaysDraft("No. 1", [(date(2027, 1, 1), "A")] * 101), "days"),
    (lambda: TakingAwayDraft(""), "decree"),
]


@pytest.mark.parametrize(("draft", "field"), DRAFTS)
def test_a_draft_that_does_not_hold_says_so_beside_the_field(draft: object, field: str) -> None:
    assert callable(draft)
    assert field in make.refused(draft)


def test_what_waits_about_the_law_is_listed_for_whoever_may_confirm_it() -> None:
    _propose(amount="36 hours")
    for login, waits in (("admin", 1), ("legal", 0), ("national", 0)):
        actor = make.actor(login)
        waiting = [line.proposal.action for line in to_confirm(actor)]
        assert waiting.count(Action.LAW_CHANGE) == waits
        listed = [line.proposal.action for line in open_proposals(actor)]
        assert Action.LAW_CHANGE in listed, "the others are told of it"


def test_a_change_is_confirmed_only_by_who_saw_what_it_moves_by_the_law_as_it_stands() -> None:
    first, second = (
        _propose(amount="36 hours"),
        propose_holidays(make.actor("legal"), make.organisation(), NEW_YEAR),
    )
    admin, seen = make.actor("admin"), str(make.organisation().rules_version)
    with pytest.raises(Stale):
        proposals.confirm(admin, first)
    proposals.confirm(admin, second, seen)
    with pytest.raises(Stale):
        proposals.confirm(admin, first, seen)
    assert _rules()[0].counts.amount == _amount("48")
    _confirm("admin", first)
    assert _rules()[0].counts.amount == _amount("36")
