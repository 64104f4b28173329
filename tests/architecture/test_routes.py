"""Every page says what it needs, has a plain address, and is refused where it does not say."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.app import create_app
from hrdtracker.core.keyfile import RootKey
from hrdtracker.web.blueprints import BLUEPRINTS
from hrdtracker.web.shell.route_permission import PUBLIC, SETTING_UP, SIGNED_IN, need_of
from tests.architecture.source import called, functions, modules
from tests.conftest import close
from tests.web.browse import Browser

PUBLIC_PAGES = {
    "accounts.sign_in": "one signs in here",
    "calendar.feed": "a telephone asks at a secret address, and reads hours alone",
    "factors.second_step": "whoever gave the password shows the second factor here",
    "factors.options_of_second_step": "what a passkey is to sign there",
    "setup.set_up": "an instance without an organisation, for whoever holds the one-time code",
    "setup.welcome": "whoever holds an invitation’s code sets the password here",
    "shell.away": "the page that a quick exit leads to",
    "shell.language": "the language is chosen before signing in too",
    "shell.leave": "a quick exit works for everybody",
}
"""The pages for people who have not signed in, each with the reason."""
ADDRESS = re.compile(r"(/|(/[a-z_-]+|/<uuid:[a-z_]+>|/<any\([a-z, ]+\):[a-z_]+>)+)")
NAMED = (
    "/admin/codelists/<name>",
    "/rules/<key>",
    "/observations/<uuid:uid>/answers/<key>",
    "/calendar/<secret>.ics",
)
"""The addresses with a word in them: of a list of terms, of a rule of law, of a question, which is
nobody's; or with a secret, which is in no log and opens nothing but hours: see
tests/web/test_calendar.py."""
DOMAIN = (
    "outbox",
    "notices",
    "accounts",
    "duty",
    "people",
    "cases",
    "incidents",
    "proceedings",
    "fund",
    "audit",
    "codelists",
    "insight",
)


def _app(folder: Path) -> Flask:
    return create_app(Settings(instance=folder), RootKey(b"\x07" * 32, demo=True))


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, list[Rule]]:
    app = _app(tmp_path_factory.mktemp("routes"))
    return app, [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_page_says_what_it_needs(routes: tuple[Flask, list[Rule]]) -> None:
    app, rules = routes
    needs = {rule.endpoint: need_of(app.view_functions[rule.endpoint]) for rule in rules}
    assert len(needs) > 20
    entries = {PUBLIC, SIGNED_IN, SETTING_UP, *Action}
    assert {name: need for name, need in needs.items() if need not in entries} == {}


def test_only_reviewed_pages_are_open_to_everybody(routes: tuple[Flask, list[Rule]]) -> None:
    app, rules = routes
    needs = {rule.endpoint: need_of(app.view_functions[rule.endpoint]) for rule in rules}
    assert {name for name, need in needs.items() if need == PUBLIC} == set(PUBLIC_PAGES)


def test_addresses_are_lowercase_words_and_uids(routes: tuple[Flask, list[Rule]]) -> None:
    _, rules = routes
    addresses = [_without_names(rule.rule) for rule in rules]
    assert [address for address in addresses if not ADDRESS.fullmatch(address)] == []


def _without_names(address: str) -> str:
    for named in NAMED:
        address = address.replace(named, named.rpartition("/")[0])
    return address


def test_pages_are_fetched_or_sent_and_nothing_else(routes: tuple[Flask, list[Rule]]) -> None:
    _, rules = routes
    known = {"GET", "HEAD", "OPTIONS", "POST"}
    assert [rule.rule for rule in rules if not (rule.methods or set()) <= known] == []


@pytest.mark.engines("sqlite")
def test_a_page_that_does_not_say_what_it_needs_is_refused(given: Settings, root: RootKey) -> None:
    app = create_app(given, root)
    app.add_url_rule("/forgotten", "forgotten", lambda: "shown")
    assert Browser(app).get("/forgotten").status_code == 403
    answer = Browser(app, "admin").get("/forgotten")
    assert (answer.status_code, "shown" in answer.text) == (403, False)
    with app.app_context():
        close(app)


def test_every_file_of_views_is_in_the_application() -> None:
    made = {blueprint.import_name for blueprint in BLUEPRINTS}
    with_views = {
        module.dotted
        for module in modules("hrdtracker/web")
        if any(called(node) == "Blueprint" for node in ast.walk(module.tree))
    }
    assert with_views == made


def test_a_page_that_changes_something_calls_a_service() -> None:
    calls = {}
    for module in modules("hrdtracker/web"):
        helpers = {name: _names(function) for name, function in functions(module)}
        domain = _imported_from_domain(module.tree)
        for name, function in functions(module):
            if any("POST" in ast.dump(each) or _is_post(each) for each in function.decorator_list):
                reached = helpers[name] | {
                    word for helper in helpers[name] & helpers.keys() for word in helpers[helper]
                }
                calls[f"{module}::{name}"] = bool(reached & domain)
    assert len(calls) > 10
    assert [name for name, does in calls.items() if not does and name not in NOTHING_KEPT] == []


NOTHING_KEPT = {
    "hrdtracker/web/shell/views.py::language": "kept in the browser",
    "hrdtracker/web/incidents/views.py::read_when": "says how a date is read",
    "hrdtracker/web/people/views.py::suggest": "offers who on record somebody may be",
}
"""Pages that are sent to and change nothing on the server."""


def _is_post(decorator: ast.expr) -> bool:
    return called(decorator) == "post"


def _names(function: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


def _imported_from_domain(tree: ast.AST) -> set[str]:
    places = tuple(f"hrdtracker.{name}" for name in DOMAIN)
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(places)
        for alias in node.names
    }
