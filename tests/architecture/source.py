"""The program's own text, as the tests of its shape read it."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, update_wrapper
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("hrdtracker", "config.py", "wsgi.py")
EVERYTHING = (*PROGRAM, "tests", "migrations", "bench")
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Module:
    """One file of Python; `name` is its path."""

    name: str
    text: str
    tree: ast.Module

    @property
    def dotted(self) -> str:
        """Return the name by which it is imported."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def __str__(self) -> str:
        return self.name


@cache
def modules(*places: str) -> tuple[Module, ...]:
    """Return the files in some places, in their order."""
    found = []
    for place in places:
        path = ROOT / place
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path] * path.exists()
        found += [_module(file) for file in files]
    return tuple(found)


@cache
def _module(file: Path) -> Module:
    text = file.read_text("utf-8")
    return Module(file.relative_to(ROOT).as_posix(), text, ast.parse(text))


def functions(module: Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield each function with its full name; async ones do not exist here."""
    yield from _functions(module.tree, "")


def _functions(node: ast.AST, within: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield f"{within}{child.name}", child
            yield from _functions(child, f"{within}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{within}{child.name}.")
        else:
            yield from _functions(child, within)


def where(module: Module, node: ast.AST) -> str:
    """Return the innermost function that holds a place, as `file::function`."""
    line = getattr(node, "lineno", 0)
    inside = [
        (function.lineno, name)
        for name, function in functions(module)
        if function.lineno <= line <= (function.end_lineno or 0)
    ]
    return f"{module}::{max(inside)[1]}" if inside else f"{module}"


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls; "" where it is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return last_name(node.func)


def last_name(node: ast.AST) -> str:
    """Return `c` of `a.b.c`, and `a` of `a`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_member(node: ast.AST, of: str) -> bool:
    """Tell whether an expression is `Of.SOMETHING`."""
    return isinstance(node, ast.Attribute) and last_name(node.value) == of


def decorated(function: ast.FunctionDef, name: str) -> bool:
    """Tell whether a function carries a decorator of this name, called or not."""
    return any(name in {called(each), last_name(each)} for each in function.decorator_list)


def of_each(
    things: Callable[[], Iterable[Thing]],
) -> Callable[[Callable[[Thing], None]], Callable[[], None]]:
    """Check many things in one test, which names every one that fails.

    They are read when it runs: to collect thousands of tests takes longer than to check them.
    """

    def checked(check: Callable[[Thing], None]) -> Callable[[], None]:
        def test() -> None:
            some = list(things())
            assert some, "there is nothing to check"
            faults = []
            for thing in some:
                try:
                    check(thing)
                except AssertionError as fault:
                    faults.append(f"{thing}: {fault}")
            assert not faults, "\n".join(faults)

        update_wrapper(test, check)
        del test.__wrapped__  # type: ignore[attr-defined]  # by which pytest would see a fixture
        return test

    return checked
