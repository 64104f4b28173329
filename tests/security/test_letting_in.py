"""No one person widens what somebody may read: who lets a colleague in reads the case already."""

import ast
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts.assignments import candidates
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.incidents import reviewers, service
from tests import make
from tests.architecture.source import called, modules, where
from tests.security.test_queues import EVERYBODY

SHARING = "hrdtracker/cases/sharing.py"
HELD_BY_THE_SAME = ("national", "director2", "far_director")
"""The national director, and two directors’ accounts that they have taken over."""


def _verbs_of_sharing() -> set[Action]:
    """Return the verbs by which it changes who may open a case."""
    (module,) = [module for module in modules("hrdtracker") if module.name == SHARING]
    doors = [node for node in ast.walk(module.tree) if called(node) == "authorised"]
    members = [door.args[1] for door in doors if isinstance(door, ast.Call)]
    return {Action[each.attr] for each in members if isinstance(each, ast.Attribute)}


def test_a_member_is_made_in_one_place_and_in_the_way_in_that_takes_two() -> None:
    places = {
        where(module, node)
        for module in modules("hrdtracker")
        for node in ast.walk(module.tree)
        if called(node) == "Grant"
    }
    assert places == {f"{SHARING}::add_member", "hrdtracker/cases/recovery.py::recover"}


@pytest.mark.usefixtures("world_unit")
@pytest.mark.parametrize("login", EVERYBODY)
def test_who_may_change_who_opens_a_case_opens_it_already(login: str) -> None:
    actor, verbs = make.actor(login), _verbs_of_sharing()
    assert Action.CASE_MEMBERS in verbs
    ids = set(session().scalars(select(Case.id)))
    reads = policy.allowed_ids(actor, Action.CASE_READ, Case, ids)
    for verb in verbs:
        assert policy.allowed_ids(actor, verb, Case, ids) <= reads, verb


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize("sensitivity", [Sensitivity.RESTRICTED, Sensitivity.SECRET])
@pytest.mark.parametrize("login", HELD_BY_THE_SAME)
def test_who_is_told_that_nobody_may_review_it_lets_nobody_in_alone(
    login: str, sensitivity: Sensitivity
) -> None:
    incident = make.incident()
    case, director, actor = make.case_of(incident), make.actor("director"), make.actor(login)
    sharing.set_sensitivity(director, case, sensitivity, case.version)
    service.edit_incident(director, incident, make.draft(victims=()), incident.version)
    assert reviewers.stuck(make.actor("national"))
    read = _readers(case)
    for act in _acts(actor, case):
        with pytest.raises(NotAllowed):
            act()
        session().rollback()
        assert _readers(case) == read


def _acts(actor: Actor, case: Case) -> list[Callable[[], object]]:
    """Return every way to let oneself or another of one’s accounts into a case."""
    until = clock.now() + timedelta(days=7)
    users = [make.user(login).uid for login in HELD_BY_THE_SAME]
    members = [MemberDraft(user, "Nobody else may review it.", until) for user in users]
    return [
        *(partial(sharing.add_member, actor, case, member) for member in members),
        *(partial(sharing.assign, actor, case, user, case.version) for user in users),
        partial(sharing.set_sensitivity, actor, case, Sensitivity.NORMAL, case.version),
        partial(sharing.block, actor, case, BlockDraft(make.user("director").uid, "Out.")),
    ]


def _readers(case: Case) -> set[int]:
    able = candidates(make.organisation().id, Action.CASE_READ)
    return policy.who_may(able, Action.CASE_READ, case)
