"""How the program is written: short files and views, one sentence first, each word in its place."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import (
    EVERYTHING,
    PROGRAM,
    ROOT,
    Module,
    called,
    functions,
    is_member,
    last_name,
    modules,
    of_each,
    where,
)

LINES = 400
VIEW_LINES = 25
SENTENCE_END = re.compile(r"[.!?…]”?(?=\s+[A-Z“])")
LOGGED = {"kind", "job", "place", "page", "id", "url", "port", "rows", "seconds"}
"""What may go into a log, by the name it has there: none of it is about anybody."""
LOGGERS = {"log", "logger"}
LEVELS = {"debug", "info", "warning", "error", "critical"}
OUTSIDE = {"smtplib", "socket", "http", "urllib.request", "ftplib", "requests", "httpx", "aiohttp"}
REACHES = {
    "hrdtracker/cli/listening.py": {"socket"},
    "hrdtracker/cli/serve.py": {"socket"},
    "hrdtracker/cli/closed.py": {"socket"},
    "hrdtracker/cli/handover.py": {"socket"},
    "hrdtracker/gateways/mail.py": {"smtplib"},
}
"""Who may listen, and who may send: the organisation’s own mail server, and nobody else.

What takes over the passphrase is a socket in the instance’s folder, which no network reaches."""
ROLE_QUESTIONS = {"everywhere", "directs", "funds", "seats", "holds_money"}
"""What only the rules ask an actor: everybody else asks the policy what they may do."""
AMBIGUOUS = {"holds", "offices", "reviews"}
"""Such questions, too, where it is an actor that is asked."""
ASKED_ELSEWHERE: dict[str, str] = {
    # None of these permits anything: they say which memberships count, or whom a list names.
}
program = of_each(lambda: modules(*PROGRAM))
everything = of_each(lambda: modules(*EVERYTHING))


@everything
def test_a_module_opens_with_one_sentence(module: Module) -> None:
    said = (ast.get_docstring(module.tree) or "").split("\n\n")[0]
    assert said, "it says nothing"
    assert said.endswith((".", "!", "?"))
    assert not SENTENCE_END.search(said), "it says more than one sentence"


@everything
def test_a_module_has_at_most_400_lines(module: Module) -> None:
    if not module.name.startswith("migrations/versions"):
        assert module.text.count("\n") <= LINES


def test_no_two_classes_have_the_same_name() -> None:
    names = [
        node.name
        for module in modules(*PROGRAM)
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    ]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def _views() -> Iterator[tuple[str, int]]:
    for module in modules("hrdtracker/web"):
        for name, function in functions(module):
            routes = {"route", "get", "post"}
            if routes & {called(each) for each in function.decorator_list}:
                yield f"{module}::{name}", (function.end_lineno or 0) - function.lineno + 1


def test_a_view_has_at_most_25_lines() -> None:
    lengths = dict(_views())
    assert len(lengths) > 10
    assert {name: length for name, length in lengths.items() if length > VIEW_LINES} == {}


@program
def test_a_role_is_compared_only_where_access_is_decided(module: Module) -> None:
    if module.name.startswith("hrdtracker/access/"):
        return
    compared = {where(module, node) for node in ast.walk(module.tree) if _is_about_roles(node)}
    assert compared - ASKED_ELSEWHERE.keys() == set()


def _is_about_roles(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return any(is_member(side, "Role") for side in [node.left, *node.comparators])
    if isinstance(node, ast.Call) and called(node) == "in_":
        return any(_names_roles(argument) for argument in node.args)
    if not isinstance(node, ast.Attribute):
        return False
    asks_actor = "actor" in {last_name(node.value), called(node.value)}
    return node.attr in ROLE_QUESTIONS or (asks_actor and node.attr in AMBIGUOUS)


def _names_roles(node: ast.AST) -> bool:
    inside = [each for each in ast.walk(node) if isinstance(each, ast.Attribute | ast.Name)]
    return any(is_member(each, "Role") or last_name(each) == "roles" for each in inside)


def test_what_may_speak_of_roles_elsewhere_still_does() -> None:
    found = {
        where(module, node)
        for module in modules(*PROGRAM)
        for node in ast.walk(module.tree)
        if _is_about_roles(node)
    }
    assert ASKED_ELSEWHERE.keys() - found == set()


DAYS = {
    "hrdtracker/core/clock.py": "where an instant becomes a day of a zone",
    "hrdtracker/core/when/model.py": "both ends on the clock of the date’s own zone",
    "hrdtracker/core/when/parse.py": "a clock time that somebody typed, of no zone yet",
    "hrdtracker/core/when/say.py": "both ends on the clock of the date’s own zone",
    "hrdtracker/intake/dates.py": "a cell of a sheet, which has no zone",
    "hrdtracker/intake/number_format.py": "a cell of a sheet, which has no zone",
    "hrdtracker/cli/import_.py": "a day that somebody typed, of no zone",
}
"""Where a clock time may lose its hour; everywhere else `clock.day_of` asks in which zone."""


@program
def test_an_instant_becomes_a_day_only_where_its_zone_is_asked_for(module: Module) -> None:
    found = any(called(node) == "date" and not node.args for node in _calls(module))
    assert found == (module.name in DAYS)


def _calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


RECASED = {"lower", "capitalize", "title", "swapcase"}
SHOWS = ("hrdtracker/web", "hrdtracker/forms", "hrdtracker/core/when/say.py")
RECASING_FILTER = re.compile(
    r"\|\s*(lower|upper|capitalize|title)\b|\.(lower|capitalize|title)\(\)"
)


@of_each(lambda: modules(*SHOWS))
def test_code_makes_no_letter_of_what_is_shown_small(module: Module) -> None:
    """A label may begin with a name, or be an abbreviation: it has a message of its own instead."""
    assert [where(module, node) for node in _calls(module) if called(node) in RECASED] == []


def test_a_template_changes_the_letters_of_nothing() -> None:
    found = {
        file.name: RECASING_FILTER.findall(file.read_text("utf-8").replace("self.title()", ""))
        for file in (ROOT / "templates").rglob("*.html")
    }
    assert {name: some for name, some in found.items() if some} == {}


@program
def test_a_status_is_assigned_only_by_a_workflow(module: Module) -> None:
    if module.name == "hrdtracker/core/workflow.py":
        return
    assert [where(module, node) for node in ast.walk(module.tree) if _sets(node, "status")] == []


def _sets(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Assign):
        return any(_is(target, name) for target in node.targets)
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return _is(node.target, name)
    if called(node) == "setattr" and isinstance(node, ast.Call):
        return isinstance(node.args[1], ast.Constant) and node.args[1].value == name
    return False


def _is(target: ast.expr, name: str) -> bool:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return any(isinstance(part, ast.Attribute) and part.attr == name for part in parts)


ONLY_IN = {
    "commit": {"hrdtracker/authorised.py"},
    "begin_write": {"hrdtracker/authorised.py"},
    "writing": {
        "hrdtracker/authorised.py",
        "hrdtracker/audit/bulk_insert.py",
        "hrdtracker/audit/guarded_update.py",
        "hrdtracker/audit/receipts.py",
        "hrdtracker/audit/trail.py",
    },
    "keep_openings": {"hrdtracker/authorised.py"},
}


@pytest.mark.parametrize("name", ONLY_IN)
def test_only_the_door_ends_a_transaction_or_lets_one_write(name: str) -> None:
    callers = {
        module.name
        for module in modules(*PROGRAM)
        for node in ast.walk(module.tree)
        if called(node) == name
    }
    assert callers == ONLY_IN[name]


DRAWS = "hrdtracker/web/shell/page.py"


def test_a_page_is_drawn_in_one_place_which_takes_one_frozen_object() -> None:
    drawing = {
        module.name
        for module in modules("hrdtracker")
        for node in _calls(module)
        if "render_template" in called(node) or "stream_template" in called(node)
    }
    assert drawing == {DRAWS}


@program
def test_a_log_says_nothing_about_anybody(module: Module) -> None:
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if last_name(node.func.value) not in LOGGERS:
            continue
        assert node.func.attr in LEVELS, f"line {node.lineno}: a traceback says too much"
        assert [type(each) for each in node.args] == [ast.Constant], f"line {node.lineno}"
        assert {each.arg for each in node.keywords} <= LOGGED, f"line {node.lineno}"


@program
def test_the_program_opens_no_connection_to_the_outside(module: Module) -> None:
    imported = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {node.module or "", (node.module or "").split(".")[0]}
    assert imported & OUTSIDE - REACHES.get(module.name, set()) == set()
