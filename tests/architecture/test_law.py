"""One vocabulary of verbs: each has a rule, a label, a use; what writes passes through the door."""

import ast
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from hrdtracker.access.action import LABELS, Action
from hrdtracker.access.permissions.whole import PARTS, RULES
from hrdtracker.fund.workflow import OF_INSTALMENT, OF_PAYMENT, OF_REQUEST
from tests.architecture.source import Module, called, functions, is_member, modules, of_each

LOOKS = {
    Action.CASE_READ,
    Action.CASE_OUTLINE,
    Action.CASE_BEGIN,
    Action.CASE_OPENINGS,
    Action.INCIDENT_READ,
    Action.INCIDENT_STUCK,
    Action.PERSON_READ,
    Action.CONTACT_READ,
    Action.PROCEEDING_READ,
    Action.FUND_READ,
    Action.FUND_REQUEST_READ,
    Action.FUND_STUCK,
    Action.FUND_PAYMENT_READ,
    Action.FUND_DONOR_READ,
    Action.FUND_REPORT_READ,
    Action.FUND_LEDGER_READ,
    Action.FUND_COMPLAINT_READ,
    Action.TRAIL_READ,
    Action.READINGS_COUNT,
    Action.READINGS_HEAR,
    Action.READINGS_READ,
    Action.READINGS_OF_PERSON,
    Action.BACKUP_READ,
    Action.USER_READ,
    Action.USER_CHANGE,
    Action.PROPOSAL_READ,
    Action.LAW_READ,
    Action.FIGURES_READ,
    Action.FUND_STANDING,
    Action.DUTY_READ,
    Action.DUTY_COUNT,
}
"""The verbs that change nothing, and leave no entry on the trail that something was shown."""
program = of_each(lambda: modules("hrdtracker"))


def test_every_verb_has_one_rule() -> None:
    assert set(RULES) == set(Action)
    assert sorted(action for part in PARTS for action in part) == sorted(Action)


def test_every_verb_has_words_that_nobody_shares() -> None:
    assert set(LABELS) == set(Action)
    assert len(set(LABELS.values())) == len(LABELS)


def test_a_verb_is_spelt_as_it_is_named() -> None:
    assert {action.name for action in Action} == {
        action.value.replace(".", "_").upper() for action in Action
    }


@of_each(lambda: sorted(set(Action) - LOOKS))
def test_every_verb_that_changes_something_opens_the_door_in_some_service(action: Action) -> None:
    assert action.name in _doors()


@of_each(lambda: sorted(LOOKS))
def test_a_verb_that_only_looks_opens_no_door_and_is_asked_about(action: Action) -> None:
    assert action.name not in _doors()
    assert action.name in _named_elsewhere()


@cache
def _doors() -> frozenset[str]:
    """Return the verbs that open the door; a variable stands for all that its function names."""
    return frozenset(_opened())


def _opened() -> Iterator[str]:
    for module in modules("hrdtracker"):
        for _, function in functions(module):
            for node in ast.walk(function):
                if called(node) == "authorised" and isinstance(node, ast.Call):
                    verb = node.args[1]
                    yield from _named(verb if is_member(verb, "Action") else function)


@cache
def _named_elsewhere() -> frozenset[str]:
    elsewhere = [
        each for each in modules("hrdtracker") if not each.name.startswith("hrdtracker/access/")
    ]
    return frozenset(name for module in elsewhere for name in _named(module.tree))


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_member(node, "Action"):
            yield node.attr


@program
def test_pages_and_commands_never_open_the_door_themselves(module: Module) -> None:
    if not module.name.startswith(("hrdtracker/web", "hrdtracker/forms", "hrdtracker/cli")):
        return
    assert [node for node in ast.walk(module.tree) if called(node) == "authorised"] == []


@program
def test_the_door_is_opened_only_by_with(module: Module) -> None:
    """Called and not entered, it would permit nothing and refuse nothing."""
    held = {
        id(item.context_expr)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.With)
        for item in node.items
    }
    assert all(id(node) in held for node in ast.walk(module.tree) if called(node) == "authorised")


@program
def test_every_door_says_what_it_changes_or_within_what(module: Module) -> None:
    """With neither, it would ask for an act that has no record yet."""
    for node in ast.walk(module.tree):
        if called(node) == "authorised" and isinstance(node, ast.Call):
            assert {each.arg for each in node.keywords} & {"on", "within"}, node.lineno


def _opened_with(function: ast.FunctionDef) -> set[str]:
    """Return the verbs with which a function opens the door."""
    return {
        node.args[1].attr
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and called(node) == "authorised"
        and isinstance(node.args[1], ast.Attribute)
    }


class Act(NamedTuple):
    """A function that opens the door, and with which verb where that matters."""

    name: str
    function: ast.FunctionDef
    verb: str = ""


def _seen() -> Iterator[Act]:
    """Yield what is told which version of a record somebody saw, and opens the door."""
    for module in modules("hrdtracker"):
        for name, function in functions(module):
            told = "version" in {argument.arg for argument in function.args.args}
            if told and any(called(each) == "authorised" for each in ast.walk(function)):
                yield Act(f"{module.dotted}.{name}", function)


@of_each(_seen)
def test_a_version_that_somebody_saw_is_handed_to_the_door_or_compared(act: Act) -> None:
    handed = {
        ast.unparse(keyword.value)
        for node in ast.walk(act.function)
        if isinstance(node, ast.Call) and called(node) == "authorised"
        for keyword in node.keywords
        if keyword.arg == "version"
    }
    compared = any(
        ast.unparse(node) in {"raise Stale", "_as_seen(payment, version)"}
        for node in ast.walk(act.function)
    )
    assert handed == {"version"} or compared


GUARDED = {verb.name for table in (OF_REQUEST, OF_PAYMENT, OF_INSTALMENT) for verb in table}


def _acts_of_the_fund() -> Iterator[Act]:
    """Yield what opens the door of the fund with a verb that has guards."""
    for module in modules("hrdtracker/fund"):
        for name, function in functions(module):
            for verb in sorted(_opened_with(function) & GUARDED):
                yield Act(f"{module.dotted}.{name}", function, verb)


@of_each(_acts_of_the_fund)
def test_an_act_of_the_fund_asks_the_guards_of_its_verb(act: Act) -> None:
    asked = {
        ast.unparse(node)
        for node in ast.walk(act.function)
        if isinstance(node, ast.Call) and called(node) in {"check", "must_hold"}
    }
    assert any(f"Action.{act.verb}" in call for call in asked), asked


def test_every_verb_of_the_fund_that_has_guards_is_found() -> None:
    assert {act.verb for act in _acts_of_the_fund()} == GUARDED


def test_services_that_are_told_a_version_are_found() -> None:
    assert len(list(_seen())) > 30


CHANGE_THE_ORGANISATION = {
    "change_settings",
    "load",
    "load_checklist",
    "load_rules",
    "add_from_file",
    "add_term",
    "restore_term",
    "retire_term",
}


def test_only_what_changes_the_organisation_makes_others_wait_for_it() -> None:
    locking = {
        name
        for module in modules("hrdtracker")
        for name, function in functions(module)
        for node in ast.walk(function)
        if called(node) == "authorised" and isinstance(node, ast.Call)
        for each in node.keywords
        if each.arg == "on" and getattr(each.value, "id", "") == "organisation"
    }
    assert locking == CHANGE_THE_ORGANISATION


@program
def test_a_page_never_tries_a_verb_by_its_text(module: Module) -> None:
    if module.name.startswith("hrdtracker/access/"):
        return
    values = {action.value for action in Action}
    words = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)}
    assert {word for word in words if isinstance(word, str)} & values == set()
