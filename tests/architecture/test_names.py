"""Who reads the names of people: each module with its reason, so that nobody is unmasked beside."""

import ast

from tests.architecture.source import modules

READ_ROWS = {
    "hrdtracker/people/model.py": "the rows themselves",
    "hrdtracker/people/naming.py": "the one place that decides whose names are shown",
    "hrdtracker/people/queries.py": "one person, whose page asks `still_masked`",
    "hrdtracker/people/search.py": "compares with what was typed; hides who is masked",
    "hrdtracker/people/service.py": "writes them, and compares with what was typed",
    "hrdtracker/web/people/pages.py": "draws what `reveal_listed` returned",
    "hrdtracker/web/readings.py": "draws what `reveal_listed` returned",
}
"""Modules that know the table of names."""
READ_ALL = {
    "hrdtracker/custody/people.py": "compares with a pasted list; the page draws `PageNames.shown`",
}
"""Modules that ask for all names, the hidden ones too."""


def _imports(tree: ast.Module) -> set[str]:
    return {
        f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def test_only_these_know_the_table_of_names() -> None:
    found = {
        module.name
        for module in modules("hrdtracker")
        if "hrdtracker.people.model.PersonName" in _imports(module.tree)
    }
    assert found | {"hrdtracker/people/model.py"} == set(READ_ROWS)


def test_only_these_ask_for_names_that_are_hidden_too() -> None:
    found = {
        module.name
        for module in modules("hrdtracker")
        if "hrdtracker.people.naming.names_of" in _imports(module.tree)
    }
    assert found == set(READ_ALL)
