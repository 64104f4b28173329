"""Who may open a case: owner, members, sensitivity, and those shut out."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.model import Grant, Scope, Sensitivity, UserState
from hrdtracker.access.policy import allows, visible
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.accounts.drafts import OfficeDraft
from hrdtracker.cases import queries, sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
MONTH = timedelta(days=30)
EVERYBODY = ("monitor", "colleague", "director", "director2", "national", "stranger", "fund")


def case_of(login: str = "monitor") -> Case:
    """Return a new case of somebody of the cast."""
    return make.case_of(make.incident(login))


def readers(case: Case) -> set[str]:
    """Return who of the cast can open a case."""
    return {login for login in EVERYBODY if allows(make.actor(login), Action.CASE_READ, case)}


def admit(case: Case, login: str, by: str = "director") -> Grant:
    """Make somebody a member for a month."""
    draft = MemberDraft(make.actor(login).uid, "Knows the family", clock.now() + MONTH)
    return sharing.add_member(make.actor(by), case, draft)


def shut_out(case: Case, login: str, by: str = "director") -> UUID:
    """Shut somebody out."""
    draft = BlockDraft(make.actor(login).uid, "A cousin of the accused")
    return sharing.block(make.actor(by), case, draft).uid


def make_sensitive(case: Case, sensitivity: Sensitivity, by: str = "director") -> None:
    """Decide how sensitive a case is."""
    sharing.set_sensitivity(make.actor(by), case, sensitivity, case.version)


def open_the_office() -> None:
    """Let monitors of the office read its normal cases."""
    office = make.office(make.HERE)
    draft = OfficeDraft(office.code, office.name_en, office.name_km, open_to_monitors=True)
    organisations.change_office(make.actor("admin"), office, draft)
    make.confirm("director", office)


# Who sees it ------------------------------------------------------------------------------------


def test_a_normal_case_is_read_by_its_owner_and_the_directors_above_it() -> None:
    assert readers(case_of("monitor")) == {"monitor", "director", "director2", "national"}


def test_an_open_office_lets_its_monitors_read_normal_cases_and_no_others() -> None:
    normal, restricted = case_of("monitor"), case_of("monitor")
    make_sensitive(restricted, Sensitivity.RESTRICTED)
    open_the_office()
    assert readers(normal) == {"monitor", "colleague", "director", "director2", "national"}
    assert readers(restricted) == {"monitor", "director"}


@pytest.mark.parametrize("sensitivity", [Sensitivity.RESTRICTED, Sensitivity.SECRET])
def test_a_case_that_is_not_normal_is_read_by_owner_members_and_the_deciding_director(
    sensitivity: Sensitivity,
) -> None:
    case = case_of("monitor")
    make_sensitive(case, sensitivity, by="director2")
    admit(case, "stranger", by="director2")
    assert readers(case) == {"monitor", "director2", "stranger"}


@pytest.mark.parametrize(
    ("sensitivity", "seen_by"),
    [
        (Sensitivity.NORMAL, {"monitor", "director", "director2", "national", "fund"}),
        (Sensitivity.RESTRICTED, {"monitor", "director", "director2", "national"}),
        (Sensitivity.SECRET, {"monitor", "director"}),
    ],
)
def test_who_sees_the_outline_of_a_case(sensitivity: Sensitivity, seen_by: set[str]) -> None:
    case = case_of("monitor")
    if sensitivity != Sensitivity.NORMAL:
        make_sensitive(case, sensitivity)
    seen = {login for login in EVERYBODY if allows(make.actor(login), Action.CASE_OUTLINE, case)}
    assert seen == seen_by


def test_made_normal_again_a_case_forgets_who_decided() -> None:
    case = case_of("monitor")
    make_sensitive(case, Sensitivity.SECRET)
    make_sensitive(case, Sensitivity.NORMAL)
    scope = session().get_one(Scope, case.scope_id)
    assert scope.decider_id is None
    assert readers(case) == {"monitor", "director", "director2", "national"}


def test_deciding_what_is_so_already_is_refused() -> None:
    case = case_of()
    with pytest.raises(Refused):
        make_sensitive(case, Sensitivity.NORMAL)


def test_a_monitor_does_not_decide_how_sensitive_a_case_is() -> None:
    case = case_of("monitor")
    with pytest.raises(NotAllowed):
        make_sensitive(case, Sensitivity.SECRET, by="monitor")


@pytest.mark.parametrize("login", ["monitor", "colleague", "director", "national"])
def test_a_block_beats_owning_membership_and_every_role(login: str) -> None:
    case = case_of("monitor")
    if login == "colleague":
        admit(case, "colleague")
    before = readers(case)
    block = shut_out(case, login, by="director2")
    assert readers(case) == before - {login}
    sharing.end_block(make.actor("director2"), case, block)
    assert readers(case) == before


def test_a_block_hides_the_case_from_lists_too() -> None:
    case = case_of("monitor")
    shut_out(case, "national")
    query = visible(make.actor("national"), Action.CASE_READ, Case)
    assert session().scalars(query).all() == []


def test_nobody_shuts_themselves_out() -> None:
    case = case_of()
    with pytest.raises(Refused) as refused:
        shut_out(case, "director", by="director")
    assert set(refused.value.reasons) == {"user"}


def test_who_is_shut_out_is_not_shut_out_twice() -> None:
    case = case_of()
    shut_out(case, "colleague")
    shorter = BlockDraft(make.user("colleague").uid, "Again", ends_at=clock.now() + MONTH)
    with pytest.raises(Refused):
        sharing.block(make.actor("director"), case, shorter)


def test_a_director_who_was_only_let_in_says_nothing_of_who_opens_the_case() -> None:
    case, member = case_of("monitor"), make.actor("director2")
    make_sensitive(case, Sensitivity.SECRET)
    admit(case, "director2")
    before = readers(case)
    for act in (
        lambda: make_sensitive(case, Sensitivity.NORMAL, by="director2"),
        lambda: admit(case, "national", by="director2"),
        lambda: shut_out(case, "director", by="director2"),
        lambda: sharing.assign(member, case, member.uid, case.version),
    ):
        with pytest.raises(NotAllowed):
            act()
        session().rollback()
    assert readers(case) == before


# Members ----------------------------------------------------------------------------------------


def test_a_member_reads_the_case_until_the_grant_is_ended() -> None:
    case = case_of("monitor")
    grant = admit(case, "colleague")
    assert "colleague" in readers(case)
    sharing.end_member(make.actor("director"), case, grant.uid)
    assert "colleague" not in readers(case)
    with pytest.raises(WrongStatus):
        sharing.end_member(make.actor("director"), case, grant.uid)


def test_a_grant_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of("monitor")
    admit(case, "colleague")
    later = clock.now() + MONTH + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "colleague" not in readers(case)


def test_the_reason_of_a_grant_lies_sealed() -> None:
    grant = admit(case_of(), "colleague")
    assert grant.reason == "Knows the family"
    assert b"family" not in (Grant.reason.ciphertext(grant) or b"family")


@pytest.mark.parametrize("login", ["fund", "auditor", "admin", "nobody"])
def test_only_who_works_on_cases_is_made_a_member(login: str) -> None:
    case = case_of()
    with pytest.raises(Refused) as refused:
        admit(case, login)
    assert set(refused.value.reasons) == {"user"}


def test_a_grant_without_a_reason_or_with_an_end_in_the_past_is_refused() -> None:
    case, colleague = case_of(), make.actor("colleague").uid
    with pytest.raises(Refused):
        MemberDraft(colleague, " ", clock.now() + MONTH)
    with pytest.raises(Refused) as refused:
        sharing.add_member(
            make.actor("director"), case, MemberDraft(colleague, "Why", clock.now() - MONTH)
        )
    assert set(refused.value.reasons) == {"ends_on"}


def test_a_member_is_not_made_a_member_twice_and_nobody_shut_out_is_made_one() -> None:
    case = case_of()
    admit(case, "colleague")
    with pytest.raises(Refused):
        admit(case, "colleague")
    shut_out(case, "stranger")
    with pytest.raises(Refused):
        admit(case, "stranger")


def test_each_of_several_members_is_put_out_alone_and_may_be_let_in_again() -> None:
    case = case_of()
    shut_out(case, "director2")
    admit(case, "colleague")
    grant = admit(case, "stranger")
    sharing.end_member(make.actor("director"), case, grant.uid)
    assert readers(case) == {"monitor", "colleague", "director", "national"}
    admit(case, "stranger")
    assert "stranger" in readers(case)


def test_a_monitor_makes_nobody_a_member_of_an_own_case() -> None:
    case = case_of("monitor")
    with pytest.raises(NotAllowed):
        admit(case, "colleague", by="monitor")


def test_a_grant_of_another_case_is_not_found_here() -> None:
    case, other = case_of(), case_of()
    grant = admit(other, "colleague")
    with pytest.raises(NotFound):
        sharing.end_member(make.actor("director"), case, grant.uid)


def test_every_change_of_who_may_open_it_makes_a_new_version() -> None:
    case = case_of()
    versions = [case.version]
    admit(case, "colleague")
    versions.append(case.version)
    shut_out(case, "stranger")
    versions.append(case.version)
    make_sensitive(case, Sensitivity.RESTRICTED)
    versions.append(case.version)
    assert len(set(versions)) == len(versions)


# Owner ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "may"),
    [
        ("colleague", True),
        ("director", True),
        ("national", True),
        ("stranger", False),
        ("far_director", False),
        ("fund", False),
        ("nobody", False),
    ],
)
def test_a_case_is_assigned_only_to_who_works_in_its_office(login: str, may: bool) -> None:  # noqa: FBT001
    case, chosen = case_of("monitor"), make.actor(login)
    if may:
        sharing.assign(make.actor("director"), case, chosen.uid, case.version)
    else:
        with pytest.raises(Refused):
            sharing.assign(make.actor("director"), case, chosen.uid, case.version)
    session().expire_all()
    owner = session().get_one(Scope, case.scope_id).owner_id
    assert owner == (chosen.id if may else make.actor("monitor").id)


def test_the_former_owner_no_longer_reads_the_case() -> None:
    case = case_of("monitor")
    sharing.assign(make.actor("director"), case, make.actor("colleague").uid, case.version)
    assert readers(case) == {"colleague", "director", "director2", "national"}


def test_a_case_is_not_assigned_to_who_is_shut_out_or_by_an_older_version() -> None:
    case, director = case_of(), make.actor("director")
    shut_out(case, "colleague")
    with pytest.raises(Refused):
        sharing.assign(director, case, make.actor("colleague").uid, case.version)
    with pytest.raises(Stale):
        sharing.assign(director, case, make.actor("director2").uid, case.version - 1)


def test_a_locked_user_is_not_chosen_for_anything() -> None:
    case = case_of()
    make.bring(make.user("colleague"), UserState.LOCKED)
    with pytest.raises(Refused):
        sharing.assign(make.actor("director"), case, make.actor("colleague").uid, case.version)
    with pytest.raises(Refused):
        admit(case, "colleague")


def test_nobody_outside_is_chosen() -> None:
    case = case_of()
    with pytest.raises(Refused):
        sharing.assign(make.actor("director"), case, uuid4(), case.version)


def test_the_list_of_colleagues_who_can_open_a_case_is_what_the_rules_say() -> None:
    case = case_of("monitor")
    admit(case, "stranger")
    shut_out(case, "national")
    listed = {user.login for user in queries.readers(make.actor("monitor"), case)}
    assert listed == readers(case) == {"monitor", "director", "director2", "stranger"}


def test_a_colleague_is_known_to_the_rules_with_the_roles_that_count() -> None:
    assert actor_of(make.user("director")).seats == make.actor("director").seats
