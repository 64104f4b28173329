"""Who may do what to which record: the reviewed tables, asked of the policy on both engines."""

from dataclasses import replace

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hrdtracker.access import policy, rule
from hrdtracker.access import question as asked
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Channel, Seat
from hrdtracker.access.model import Office, Role, User
from hrdtracker.access.permissions.whole import RULES
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.fund.model import SupportRequest
from tests import make
from tests.security.relations import RELATIONS
from tests.security.rows import YEAR
from tests.security.tables import MODELS, Question, questions, read, wrong
from tests.security.world import OPEN, ROLES, World

pytestmark = pytest.mark.usefixtures("world_unit")
ON_CASES = [question for question in questions() if ":" not in question.record]
ONCE = list({(each.action, each.model): each for each in ON_CASES}.values())
BY_THE_RECORD = {
    Action.CASE_APPEAL,
    Action.FUND_REQUEST_READ,
    Action.FUND_IDENTIFY,
    Action.FUND_DECLARE,
    Action.FUND_RETURN,
    Action.FUND_REFUSE,
    Action.FUND_APPROVE,
    Action.FUND_EMERGENCY,
    Action.FUND_RATIFY,
    Action.FUND_COVER,
    Action.FUND_CHECK,
    Action.FUND_COMPLAINT_READ,
    Action.FUND_COMPLAINT_ANSWER,
    Action.PROPOSAL_READ,
    Action.PROPOSAL_TAKE_BACK,
    Action.PROPOSAL_STOP,
    Action.ACCOUNT_CHANGE,
    Action.FEED_OPEN,
    Action.FACTOR_ADD,
    Action.FACTOR_REMOVE,
    Action.FACTOR_PROVE,
    Action.SESSION_BEGIN,
    Action.SESSION_END,
    Action.NOTICE_SEE,
}
"""What nothing but the record itself says, whoever somebody is."""
SAMPLE = 7
"""Every seventh record, so that each relation and role comes up somewhere."""


@pytest.mark.parametrize("question", questions(), ids=str)
def test_the_policy_says_what_the_reviewed_table_says(question: Question, world: World) -> None:
    assert wrong(world, question) == {}


def test_every_verb_stands_in_a_table() -> None:
    assert {question.action for question in questions()} == set(Action)


def test_every_relation_is_a_column() -> None:
    assert list(read("relations")[0]) == ["action", "record", *RELATIONS]


@pytest.mark.parametrize("question", ONCE, ids=str)
def test_a_list_shows_what_a_single_answer_allows(question: Question) -> None:
    actor, model = make.actor("director"), question.model
    some = list(session().scalars(select(model).order_by(model.id)))[::SAMPLE]
    ids = {each.id for each in some}
    listed = {each.id for each in session().scalars(policy.visible(actor, question.action, model))}
    shown = listed & ids
    assert {each.id for each in some if policy.allows(actor, question.action, each)} == shown
    assert policy.allowed_ids(actor, question.action, model, ids) == shown
    buttons = {each.id for each in some if policy.allowed(actor, [question.action], each)}
    assert buttons == shown
    each = policy.allowed_each(actor, [question.action], model, ids)
    assert each.keys() == ids
    assert {number for number, may in each.items() if may} == shown
    whom = policy.who_may_each([actor], question.action, model, ids)
    assert {number for number, may in whom.items() if may} == shown


def test_to_a_record_that_is_gone_meanwhile_nobody_does_anything() -> None:
    gone = Case(id=-1)
    assert policy.allowed(make.actor("national"), [Action.CASE_READ], gone) == set()


def test_what_is_hidden_and_what_is_missing_are_fetched_alike(world: World) -> None:
    monitor = make.actor("monitor")
    hidden = world.records["m", "secret"]["case"]
    for uid in (hidden, make.user("admin").uid, "no uid at all"):
        with pytest.raises(NotFound) as refused:
            policy.fetch(monitor, Action.CASE_READ, MODELS["case"], uid)
        assert str(refused.value.reason) == str(NotFound().reason)


@pytest.mark.parametrize(
    ("relation", "now", "in_18_months"),
    [("member", True, False), ("coming_member", False, True), ("blocked", False, True)],
)
def test_a_grant_or_block_begins_and_ends_while_somebody_works(
    relation: str, *, now: bool, in_18_months: bool, world: World
) -> None:
    """The same person asks again: what was kept of the first answer must not answer for later."""
    monitor, uid = make.actor("monitor"), world.records["m", relation]["case"]
    case = session().scalars(select(Case).where(Case.uid == uid)).one()
    assert policy.allows(monitor, Action.CASE_READ, case) is now
    with time_machine.travel(clock.now() + 1.5 * YEAR, tick=False):
        assert policy.allows(monitor, Action.CASE_READ, case) is in_18_months
    assert policy.allows(monitor, Action.CASE_READ, case) is now


def test_a_role_that_ends_gives_nothing_to_the_next_question(world: World) -> None:
    director, uid = make.actor("director"), world.records["d", "office"]["case"]
    assert policy.fetch(director, Action.CASE_READ, Case, uid).uid == uid
    without = replace(director, seats=frozenset())
    with pytest.raises(NotFound):
        policy.fetch(without, Action.CASE_READ, Case, uid)


PLAIN_NEEDS = sorted(set(Action) - {Action.ORGANISATION_SET_UP})


@pytest.mark.parametrize("action", PLAIN_NEEDS)
def test_whoever_may_do_something_to_some_record_could_do_it(action: Action) -> None:
    """What is refused before a record is known must be refused for every record."""
    cells = [who for each in questions() if each.action == action for _, who in each.cells]
    for letter, login in ROLES.items():
        if any(letter in who for who in cells):
            assert policy.could(make.actor(login), action), letter


def test_without_any_role_somebody_could_do_only_what_a_record_gives() -> None:
    nobody = make.actor("nobody")
    assert {action for action in Action if policy.could(nobody, action)} == BY_THE_RECORD


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("role", "place", "in_which"),
    [
        (Role.MONITOR, None, {make.HERE, make.THERE, OPEN}),
        (Role.DIRECTOR, None, {make.HERE, make.THERE, OPEN}),
        (Role.MONITOR, make.THERE, {make.THERE}),
        (Role.DIRECTOR, make.THERE, {make.THERE}),
        (Role.AUDITOR, None, set()),
    ],
)
def test_a_role_for_all_offices_is_one_in_each_of_them(
    role: Role, place: str | None, in_which: set[str]
) -> None:
    office_id = make.office(place).id if place else None
    actor = replace(make.actor("nobody"), seats=frozenset({Seat(role, office_id)}))
    assert _begins_in(actor) == in_which


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("place", "in_which"),
    [(None, {make.HERE, make.THERE, OPEN}), (make.THERE, {make.THERE})],
)
def test_whoever_is_to_monitor_all_offices_logs_in_each_of_them(
    place: str | None, in_which: set[str]
) -> None:
    office_id = make.office(place).id if place else None
    actor = replace(make.actor("nobody"), logs_in=frozenset({office_id}))
    assert _begins_in(actor) == in_which


def _begins_in(actor: Actor) -> set[str]:
    """Return the codes of the offices in which somebody may begin a case."""
    offices = session().scalars(policy.visible(actor, Action.CASE_BEGIN, Office))
    return {office.code for office in offices}


@settings(max_examples=100)
@given(data=st.data())
def test_a_rule_says_the_same_in_each_way_of_asking_it(
    data: st.DataObject, engine: str, world: World
) -> None:
    question = data.draw(st.sampled_from(ON_CASES), "question")
    actor = data.draw(st.builds(_actor, _logins(), _seats()), "actor")
    query = select(question.model.id).where
    rows = []
    for broad in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Actor, "sees_most_cases", broad)
            condition = RULES[question.action].where(actor, question.model)
            rows.append(set(session().scalars(query(condition))))
    few = rule.for_few(RULES[question.action]).where(actor, question.model)
    assert rows[0] == rows[1] == set(session().scalars(query(few)))


@settings(max_examples=60)
@given(data=st.data())
def test_rules_asked_together_are_answered_like_each_alone(
    data: st.DataObject, engine: str, world: World
) -> None:
    kinds = sorted({each.model for each in ON_CASES}, key=lambda model: model.__name__)
    model = data.draw(st.sampled_from(kinds), "model")
    verbs = sorted({each.action for each in ON_CASES if each.model is model})
    actions = data.draw(st.lists(st.sampled_from(verbs), min_size=1, unique=True), "actions")
    actor = data.draw(st.builds(_actor, _logins(), _seats()), "actor")
    ids = list(session().scalars(select(model.id).order_by(model.id)))[::SAMPLE]
    together = policy.allowed_each(actor, actions, model, ids)
    for action in actions:
        alone = policy.allowed_ids(actor, action, model, ids)
        assert {number for number, may in together.items() if action in may} == alone


def test_what_the_rules_of_a_page_share_is_asked_once() -> None:
    question = asked.Question(SupportRequest)
    actions = [each.action for each in ONCE if each.model is SupportRequest]
    for action in actions:
        policy.ask(question, make.actor("director"), action)
    columns = [
        str(each.compile(compile_kwargs={"literal_binds": True})) for each in question.columns
    ]
    assert len(question.answers) == len(actions) > len(columns) == len(set(columns))


def test_what_the_roles_alone_decide_asks_no_row() -> None:
    question = asked.Question(Case)
    policy.ask(question, make.actor("auditor"), Action.CASE_CLOSE)
    policy.ask(question, make.actor("auditor"), Action.FUND_SETTINGS_CHANGE)
    assert question.columns == []


def _logins() -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(make.NAMES))


def _seats() -> st.SearchStrategy[frozenset[Seat]]:
    offices = [None, *session().scalars(select(Office.id))]
    seat = st.builds(Seat, st.sampled_from(list(Role)), st.sampled_from(offices))
    return st.frozensets(seat, max_size=3)


def _actor(login: str, seats: frozenset[Seat]) -> Actor:
    user: User = make.user(login)
    return Actor(user.id, user.uid, user.organisation_id, seats, Channel.WEB)
