"""Donors, grants and lines: what is kept of them, what is refused, and where a promise may move."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments, grants
from hrdtracker.fund.drafts.money import DonorDraft, GrantDraft, LineDraft
from hrdtracker.fund.model import (
    Booking,
    Donor,
    DonorGrant,
    GrantState,
    GrantTerm,
    Restriction,
    Transaction,
)
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
AREA, PROVINCE = Restriction.AREA, Restriction.PROVINCE


def _draft(grant: DonorGrant, **changes: Any) -> GrantDraft:
    values: dict[str, Any] = {
        "code": grant.code,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "currency": grant.currency,
        "total": grant.total,
        **changes,
    }
    return GrantDraft(**values)


def _change(grant: DonorGrant, **changes: Any) -> None:
    grants.change_grant(make.actor("fund"), grant, _draft(grant, **changes), grant.version)


def _terms(grant: DonorGrant) -> set[tuple[str, str]]:
    query = select(GrantTerm.restriction, GrantTerm.code).where(GrantTerm.grant_id == grant.id)
    return {(restriction, code) for restriction, code in session().execute(query)}


# Donors, grants, lines ---------------------------------------------------------------------------


def test_a_code_is_taken_once() -> None:
    grant, officer, organisation = fund.grant(100_00), make.actor("fund"), make.organisation()
    line, _ = (grants.add_line(officer, grant, LineDraft(code, "Rent", 50_00)) for code in "LM")
    donor = session().get_one(Donor, grant.donor_id)
    again = (
        lambda: grants.add_donor(officer, organisation, DonorDraft(donor.code, "Another")),
        lambda: grants.add_grant(officer, donor, _draft(grant)),
        lambda: grants.add_line(officer, grant, LineDraft(line.code, "Another", 1)),
    )
    for act in again:
        assert make.refused(act) == {"code"}
    assert fund.line(100_00, line.code).code == line.code, "of another grant"


def test_the_codes_of_another_organisation_are_not_taken_here() -> None:
    grant = fund.grant()
    assert grants._is_taken(DonorGrant, grant.organisation_id, grant.code)
    assert not grants._is_taken(DonorGrant, grant.organisation_id + 1, grant.code)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"code": "OTHER"}, {"code"}),
        ({"currency": "KHR"}, {"code"}),
        ({"total": 59_99}, {"total"}),
        ({"terms": {AREA: frozenset({"witchcraft"})}}, {"terms.witchcraft"}),
        ({"total": 60_00, "reference": "No. 7", "fixed_rate": True}, set()),
    ],
)
def test_a_grant_changes_within_its_lines_and_keeps_its_code_and_currency(
    changes: dict[str, Any], fields: set[str]
) -> None:
    fund.line(1_000_00)  # of another grant: none of its money is this one's
    grant = fund.grant(100_00)
    grants.add_line(make.actor("fund"), grant, LineDraft("L", "Rent", 60_00))
    if fields:
        assert make.refused(lambda: _change(grant, **changes)) == fields
    else:
        _change(grant, **changes)
        assert (grant.total, grant.reference, grant.fixed_rate) == (60_00, "No. 7", True)


def test_a_new_grant_is_for_what_the_lists_hold() -> None:
    terms = {AREA: frozenset({"witchcraft"})}
    assert make.refused(lambda: fund.grant(terms=terms)) == {"terms.witchcraft"}


def test_what_a_grant_is_for_changes_with_it_and_with_no_other() -> None:
    both = {AREA: frozenset({"judiciary"}), PROVINCE: frozenset({"01"})}
    grant, other = fund.grant(terms=both), fund.grant(terms=both)
    _change(grant, terms={PROVINCE: frozenset({"01", "02"})})
    assert _terms(grant) == {("province", "01"), ("province", "02")}
    assert _terms(other) == {("area", "judiciary"), ("province", "01")}


def test_a_grant_is_suspended_once() -> None:
    grant, officer = fund.grant(), make.actor("fund")
    grants.set_grant_state(officer, grant, GrantState.SUSPENDED, grant.version)
    with pytest.raises(WrongStatus):
        grants.set_grant_state(officer, grant, GrantState.SUSPENDED, grant.version)


# Where a promise moves ---------------------------------------------------------------------------


def test_a_promise_moves_to_another_line_of_the_same_currency_that_allows_it() -> None:
    fund.rate(4000)
    line = fund.line()
    ended = fund.line(ends_on=fund.today() - timedelta(days=1))
    request = fund.committed(100_00, line)
    for other in (line, fund.line(4_000_000_00, currency="KHR"), ended):
        where = (request, other.uid, "A better donor.", request.version)
        assert make.refused(partial(commitments.move, make.actor("fund"), *where)) == {"line"}
    assert (request.line_id, line.committed) == (line.id, 100_00)


def test_a_promise_moves_away_from_a_line_of_which_more_left_than_it_holds() -> None:
    line, other = fund.line(100_00), fund.line(100_00)
    first, second = (fund.committed(50_00, line) for _ in range(2))
    fund.release(fund.prepared(first), 500_00)
    why = "Nothing is left."
    commitments.move(make.actor("fund"), second, other.uid, why, second.version)
    assert (line.committed, line.over, other.committed) == (50_00, 450_00, 50_00)
    assert check_fund().faults == ()


def test_what_is_cancelled_before_it_is_promised_books_nothing() -> None:
    request = fund.approved()
    fund.line()
    commitments.cancel(make.actor("fund"), request, "Somebody else paid.", request.version)
    released = select(Transaction.id).where(Transaction.booking == Booking.RELEASE)
    assert (request.status, list(session().scalars(released))) == ("cancelled", [])
    assert check_fund().faults == ()
