"""What a page hands its template is declared, and the template asks for nothing else."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from hrdtracker.core.errors import Refused
from hrdtracker.forms.sample import SampleForm
from hrdtracker.web.shell.page import show
from tests.architecture.source import PROGRAM, ROOT, called, functions, last_name, modules, of_each
from tests.web.browse import page_open

TEMPLATES = ROOT / "templates"
ENGINE = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
SEEN = {"page", "form", "shell"}
"""What `show` and the shell give a template."""
GIVEN = {"_", "ngettext", "pgettext", "url_for", "request", "asset", "fixed", "spoken"}
JINJAS = {"loop", "caller", "self", "range", "namespace"}
EVERYWHERE = GIVEN | JINJAS


@dataclass
class _Thawed:
    """What a template, or anybody, could change."""

    title: str = "Notes"


@pytest.mark.parametrize("page", [{"title": "Notes"}, _Thawed(), "Notes"], ids=type)
def test_what_is_not_frozen_is_no_page(page: object) -> None:
    with pytest.raises(TypeError, match="a page is a frozen dataclass"):
        show("shell/away.html", page)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("reasons", "status", "answer"),
    [
        ({}, None, 200),
        ({"name": "Why"}, None, 422),
        ({"": "Why"}, None, 422),
        ({"": "Why"}, 429, 429),
    ],
)
def test_a_page_whose_form_was_refused_says_so_unless_another_status_does(
    pages: Flask, reasons: dict[str, str], status: int | None, answer: int
) -> None:
    with page_open(pages):
        assert show("shell/away.html").status_code == 200
        form = SampleForm()
        with suppress(Refused), form.reasons():
            raise Refused(reasons)
        assert show("shell/away.html", None, form, status).status_code == answer


def _parsed(template: str) -> nodes.Template:
    return ENGINE.parse((TEMPLATES / template).read_text("utf-8"))


def _templates() -> list[str]:
    names = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    return [name for name in names if not name.startswith("component/")]


@of_each(_templates)
def test_a_template_sees_its_page_its_form_and_the_shell(template: str) -> None:
    tree = _parsed(template)
    names = list(tree.find_all(nodes.Name))
    own = {name.name for name in names if name.ctx != "load"}
    for taken in tree.find_all(nodes.FromImport):
        own |= {name if isinstance(name, str) else name[1] for name in taken.names}
    own |= {macro.name for macro in tree.find_all(nodes.Macro)}
    assert {name.name for name in names} - own - SEEN - EVERYWHERE == set()


def _pages() -> Iterator[tuple[str, str]]:
    """Yield each template that a view shows, with the class of its page."""
    for module in modules("hrdtracker/web"):
        for _, function in functions(module):
            made = {
                last_name(node.targets[0]): called(node.value)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
            }
            for node in ast.walk(function):
                if not (isinstance(node, ast.Call) and called(node) == "show" and node.args[1:]):
                    continue
                template, page = node.args[:2]
                name = called(page) or made.get(last_name(page))
                if isinstance(template, ast.Constant) and isinstance(template.value, str) and name:
                    yield template.value, name


def _fields() -> dict[str, set[str]]:
    """Return what each class of the program has: its fields, its properties, those it inherits."""
    classes = {
        node.name: node
        for module in modules(*PROGRAM)
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    }

    def of(name: str) -> set[str]:
        here = classes[name]
        own = {last_name(node.target) for node in here.body if isinstance(node, ast.AnnAssign)}
        own |= {node.name for node in here.body if isinstance(node, ast.FunctionDef)}
        return own.union(
            *(of(last_name(base)) for base in here.bases if last_name(base) in classes)
        )

    return {name: of(name) for name in classes}


def test_a_template_asks_its_page_only_for_what_it_has() -> None:
    fields, pages = _fields(), sorted(set(_pages()))
    assert len(pages) > 10
    for template, page in pages:
        if page not in fields:
            continue  # what a function returns, of which only the type checker knows
        asked = {
            node.attr
            for node in _parsed(template).find_all(nodes.Getattr)
            if isinstance(node.node, nodes.Name) and node.node.name == "page"
        }
        assert asked - fields[page] == set(), f"{template}: {page}"


@pytest.mark.engines("sqlite")
def test_no_filter_of_ours_is_asked_of_a_constant(app: Flask) -> None:
    """Jinja would ask it but once, and keep what it said in the language of the first reader."""
    ours = app.jinja_env.filters.keys() - ENGINE.filters.keys()
    asked = {
        (path.name, node.name)
        for path in TEMPLATES.rglob("*.html")
        for node in _parsed(path.relative_to(TEMPLATES).as_posix()).find_all(nodes.Filter)
        if isinstance(node.node, nodes.Const) and node.name in ours
    }
    assert asked == set()
