"""What a page says is said in whole sentences, so that each language has its own punctuation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from hrdtracker.core.errors import Message
from hrdtracker.web.shell.sentences import in_a_row, with_what
from hrdtracker.web.shell.words import fact
from tests.architecture.source import Module, modules, of_each, where
from tests.web.browse import page_open
from tests.web.catalogue import in_the_sources

ROOT = Path(__file__).resolve().parents[2]
SAYS = {"N_", "gettext", "ngettext", "lazy", "lazy_gettext"}
AFTER = re.compile(r"[.:;] (?!\()")
"""A stop or colon with a space; “A. (union organiser)” is one label."""
IN_TEMPLATES = (
    re.compile(r"\}\}(?:</\w+>)?[.:;](?=\s|$|\{|<)"),
    re.compile(r"(?:%\}|>)[.:;] "),
    re.compile(r"~ ?\"[.:;] \""),
    re.compile(r"join\(\"[^\"]*[.:;][^\"]*\"\)"),
)
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if path.name not in {"styleguide.html", "icon.html"}
]


def test_no_sentence_begins_or_ends_with_a_space() -> None:
    told = [words for words in in_the_sources() if isinstance(words, str)]
    told += [word for words in in_the_sources() if not isinstance(words, str) for word in words]
    assert [words for words in told if words != words.strip()] == []


@of_each(lambda: modules("hrdtracker"))
def test_no_sentence_is_added_to_another(module: Module) -> None:
    joined = [
        where(module, node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        if _is_said(node.left) or _is_said(node.right)
    ]
    assert joined == []


@of_each(lambda: modules("hrdtracker"))
def test_no_sentence_stands_inside_another_where_nobody_finds_it_to_translate(
    module: Module,
) -> None:
    within = [
        where(module, part)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and _is_said(part) and isinstance(part.args[0], ast.Constant)
    ]
    assert within == []


def _is_said(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == "str":
        return bool(node.args) and _is_said(node.args[0])
    return isinstance(node.func, ast.Name) and node.func.id in SAYS


@of_each(lambda: modules("hrdtracker/web", "hrdtracker/forms"))
def test_no_stop_or_colon_is_put_between_what_a_page_says(module: Module) -> None:
    if module.name == "hrdtracker/web/shell/headers.py":
        return  # it speaks to the browser alone
    assert [where(module, node) for node in _breaks(module.tree)] == []


def _breaks(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield each stop or colon that is written between two values, or joins several."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            after = zip(node.values, node.values[1:], strict=False)
            yield from (
                node
                for before, part in after
                if isinstance(before, ast.FormattedValue) and isinstance(part, ast.Constant)
                if AFTER.match(str(part.value))
            )
        elif (
            isinstance(node, ast.Attribute)
            and node.attr == "join"
            and isinstance(node.value, ast.Constant)
            and AFTER.match(str(node.value.value))
        ):
            yield node


@of_each(lambda: TEMPLATES)
def test_a_template_puts_no_stop_or_colon_between_what_it_says(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [found.group() for rule in IN_TEMPLATES for found in rule.finditer(text)] == []


def test_a_sentence_may_hold_another_one_and_numbers() -> None:
    inside = Message("At most %(most)s lines.", {"most": 500})
    assert str(Message("Line %(line)s: %(why)s", {"line": 3, "why": inside})) == (
        "Line 3: At most 500 lines."
    )


@pytest.mark.engines("sqlite")
def test_what_is_empty_is_left_out_of_a_sentence(pages: Flask) -> None:
    with page_open(pages):
        rows = (
            in_a_row(),
            in_a_row("", ""),
            in_a_row("", "Arrest"),
            in_a_row("Arrest", "", "Held"),
        )
        assert rows == ("", "", "Arrest", "Arrest. Held")
        assert (with_what("Arrest", "A."), with_what("Arrest", "")) == ("Arrest: A.", "Arrest")
        assert (fact("yes"), fact("no")) == ("Yes", "No")
