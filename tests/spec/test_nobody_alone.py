"""No sequence of acts of one person widens what that person can read, decide or undo.

Nor what the accounts can that they made, or made a new code for: whoever makes a code could use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker import leaving
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import (
    Block,
    Membership,
    Office,
    Role,
    Scope,
    Sensitivity,
    User,
    UserState,
)
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, roles, staff
from hrdtracker.accounts.drafts import OfficeDraft, UserDraft
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases import appeals, recovery, sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, FundSettings
from hrdtracker.fund.rules import settings as fund_settings
from hrdtracker.notices import service as notices
from hrdtracker.notices.model import Notice
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
DUTIES = ("requester_may_verify", "verifier_may_release", "preparer_may_release")
VICTIMS = ("director", "national", "monitor", "fund", "admin2")
ATTACKERS = ("admin", "admin2", "director", "national", "fund", "monitor")
Thing = TypeVar("Thing")


@dataclass
class Intruder:
    """One person, and every account that they control; what they do is drawn from `chance`."""

    logins: list[str]
    chance: Random
    logged: set[int] = field(default_factory=set)
    victim: str = ""
    """Whom they mostly try it on: what matters is what two or three acts on one account give."""

    def pick(self, some: Sequence[Thing]) -> Thing:
        """Choose one of some things."""
        return self.chance.choice(some)

    def somebody(self) -> User:
        """Choose the victim mostly, or anybody."""
        return make.user(self.victim) if self.chance.random() < 0.7 else self.pick(_users())


def _users() -> list[User]:
    return list(session().scalars(select(User).order_by(User.id)))


def _offices() -> list[Office]:
    return list(session().scalars(select(Office).order_by(Office.id)))


def _cases() -> list[Case]:
    return list(session().scalars(select(Case).order_by(Case.id)))


# What they try -----------------------------------------------------------------------------------


def _invite(who: Intruder, login: str) -> None:
    name = f"puppet{len(_users())}"
    staff.invite(make.actor(login), make.organisation(), UserDraft(name, name))
    make.activate(make.user(name))
    who.logins.append(name)


def _reset(who: Intruder, login: str) -> None:
    user = who.somebody()
    staff.invite_again(make.actor(login), user)
    if user.login not in who.logins:
        who.logins.append(user.login)


def _grant(who: Intruder, login: str) -> None:
    places = [*_offices(), None]
    roles.propose_role(make.actor(login), who.somebody(), who.pick(list(Role)), who.pick(places))


def _end(who: Intruder, login: str) -> None:
    user = who.somebody()
    role = session().scalar(select(Membership).where(Membership.user_id == user.id))
    if role is not None:
        roles.end_role(make.actor(login), user, role)


def _lock(who: Intruder, login: str) -> None:
    staff.lock_user(make.actor(login), who.somebody())


def _unlock(who: Intruder, login: str) -> None:
    staff.unlock_user(make.actor(login), who.somebody())


def _let_go(who: Intruder, login: str) -> None:
    others = [user for user in _users() if user.login not in who.logins]
    if len(others) > 3:
        successor = make.user(who.pick(who.logins)).uid
        leaving.let_go(make.actor(login), who.pick(others), who.pick([successor, None]))


def _succeed(who: Intruder, login: str) -> None:
    left = [user for user in _users() if user.state == UserState.LEFT]
    if left:
        successor = make.user(who.pick(who.logins)).uid
        leaving.name_successor(make.actor(login), who.pick(left), successor)


def _open_office(who: Intruder, login: str) -> None:
    places = _offices()
    office = who.pick(places)
    draft = OfficeDraft(
        office.code, office.name_en, office.name_km, open_to_monitors=not office.open_to_monitors
    )
    organisations.change_office(make.actor(login), office, draft)


def _fund(who: Intruder, login: str) -> None:
    board = make.user(who.pick(who.logins)).uid
    draft = fund_settings.FundSettingsDraft(
        board=board,
        officer_most=2_999_00,
        requester_may_verify=True,
        verifier_may_release=True,
        preparer_may_release=True,
    )
    made = make.organisation()
    version = fund_settings.settings_of(made.id).version or 0
    fund_settings.change_settings(make.actor(login), made, draft, version)


def _delegate(who: Intruder, login: str) -> None:
    moment = clock.now()
    draft = DelegationDraft(
        make.user(who.pick(who.logins)).uid,
        who.pick([Capacity.OFFICER, Capacity.DIRECTOR]),
        moment,
        moment + timedelta(days=5),
    )
    delegation.delegate(make.actor(login), make.organisation(), draft)


def _answer(who: Intruder, login: str) -> None:
    rows = list(session().scalars(select(Proposal).order_by(Proposal.id)))
    answers = (proposals.confirm, proposals.refuse, proposals.take_back, proposals.stop)
    if rows:
        who.pick(answers)(make.actor(login), who.pick(rows))


def _share(who: Intruder, login: str) -> None:
    cases, until = _cases(), clock.now() + timedelta(days=3)
    draft = MemberDraft(make.user(who.pick(who.logins)).uid, "Helps", until)
    sharing.add_member(make.actor(login), who.pick(cases), draft)


def _assign(who: Intruder, login: str) -> None:
    cases = _cases()
    case = who.pick(cases)
    sharing.assign(make.actor(login), case, make.user(who.pick(who.logins)).uid, case.version)


def _sensitivity(who: Intruder, login: str) -> None:
    cases = _cases()
    case = who.pick(cases)
    grade = who.pick(list(Sensitivity))
    sharing.set_sensitivity(make.actor(login), case, grade, case.version)


def _block(who: Intruder, login: str) -> None:
    cases, users = _cases(), _users()
    draft = BlockDraft(who.pick(users).uid, "Knows them", held_back=who.pick([True, False]))
    sharing.block(make.actor(login), who.pick(cases), draft)


def _let_in_again(who: Intruder, login: str) -> None:
    cases = _cases()
    case = who.pick(cases)
    shut = list(session().scalars(select(Block).where(Block.scope_id == case.scope_id)))
    if shut:
        sharing.end_block(make.actor(login), case, who.pick(shut).uid)


def _appeal(who: Intruder, login: str) -> None:
    shut = appeals.shut_out(make.actor(login))
    if shut:
        appeals.appeal(make.actor(login), who.pick(shut)[0], "I know nobody there.")


def _recover(who: Intruder, login: str) -> None:
    cases = _cases()
    scope = session().get_one(Scope, who.pick(cases).scope_id)
    recovery.recover(make.actor(login), scope, "Nobody else opens it.")


def _log(who: Intruder, login: str) -> None:
    who.logged.add(make.case_of(make.incident(login)).scope_id)


def _wait(who: Intruder, _login: str) -> None:
    """Let days go by, in which everybody understands all that they are told, and stops nothing."""
    for notice in session().scalars(select(Notice).where(Notice.seen_at.is_(None))).all():
        user = session().get_one(User, notice.user_id)
        notices.see(make.actor(user.login), notice.uid)
    for days in sorted(who.chance.sample(range(1, 21), 2)):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            machine = worker(make.organisation().id)
            proposals.settle(machine)
            proposals.let_count(machine)
            appeals.tell_at_last(machine)


TRIES = (
    _invite, _reset, _grant, _end, _lock, _unlock, _let_go, _succeed, _open_office, _fund,
    _delegate, _answer, _answer, _share, _assign, _sensitivity, _block, _let_in_again, _appeal,
    _recover, _log, _wait,
)  # fmt: skip


# What must hold ----------------------------------------------------------------------------------


def _readable(logins: list[str]) -> frozenset[int]:
    """Return the cases that any of these accounts can read now, by their scope."""
    scopes: set[int] = set()
    for login in logins:
        if make.user(login).state == UserState.ACTIVE:
            query = select(Case.scope_id).where(
                policy.condition(make.actor(login), Action.CASE_READ, Case)
            )
            scopes |= set(session().scalars(query))
    return frozenset(scopes)


def _decided_alone(who: Intruder, since: datetime) -> list[str]:
    """Return the acts that took effect since with nobody but accounts of this person."""
    theirs = {make.user(login).id for login in who.logins}
    query = select(Proposal).where(Proposal.status == "confirmed", Proposal.decided_at > since)
    return [
        row.action
        for row in session().scalars(query)
        if row.decided_by_id in theirs and row.proposed_by_id in theirs
    ]


def _begin() -> None:
    """Make cases of every kind in two offices, and the fund’s settings.

    One of those who administer directs an office too, as where few people work.
    """
    fund.set_up()
    place = make.office(make.HERE)
    both = roles.propose_role(make.actor("admin"), make.user("admin2"), Role.DIRECTOR, place)
    make.confirm("national", both)
    for monitor, decider in (("monitor", "director2"), ("stranger", "far_director")):
        make.incident(monitor, send=False)
        for grade in Sensitivity:
            case = make.case_of(make.incident(monitor))
            if grade != Sensitivity.NORMAL:
                sharing.set_sensitivity(make.actor(decider), case, grade, case.version)
                make.confirm(monitor, case)


def _try(who: Intruder) -> None:
    try:
        who.pick(TRIES)(who, who.pick(who.logins))
    except DomainError:
        session().rollback()


def _gains(login: str, seed: int, acts: int) -> None:
    """Let one person do some acts by chance, and check that they gained nothing."""
    _begin()
    chance = Random(f"{login} {seed}")
    who = Intruder([login], chance, victim=chance.choice(VICTIMS))
    before, began = _readable(who.logins), clock.now()
    for _ in range(acts):
        _try(who)
    assert _readable(who.logins) <= before | who.logged
    assert _decided_alone(who, began) == []
    rules = session().scalars(select(FundSettings)).one()
    assert not any(getattr(rules, duty) for duty in DUTIES)
    assert rules.board_id == make.user("board").id


@pytest.mark.parametrize("login", ATTACKERS)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_one_person_does_they_read_and_decide_no_more(login: str, seed: int) -> None:
    _gains(login, seed, acts=25)


@pytest.mark.deep
@pytest.mark.parametrize("login", ATTACKERS)
@pytest.mark.parametrize("seed", range(100, 160))
def test_whatever_one_person_does_for_long_they_read_and_decide_no_more(
    login: str, seed: int
) -> None:
    _gains(login, seed, acts=120)
