"""Writes the files of a new page: `make new-page PAGE=cases/handover NEEDS=CASE_READ`."""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"[a-z][a-z_]*")
VIEW = '''"""{sentence}"""

from dataclasses import dataclass

from flask import Blueprint, Response
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("{feature}_{page}", __name__)


@dataclass(frozen=True)
class {title}Page:
    """What the page shows; its template sees nothing else."""

    title: str


@bp.get("/{feature}/{address}")
@needs(Action.{action})
def {page}() -> Response:
    """{sentence}"""
    return show("{feature}/{page}.html", {title}Page(title=gettext("{words}")))
'''
TEMPLATE = """{{# page.title: {sentence} #}}
{{% extends "layout/base.html" %}}
{{% block title %}}{{{{ page.title }}}}{{% endblock title %}}
{{% block content %}}
    <h1>{{{{ page.title }}}}</h1>
{{% endblock content %}}
"""
TEST = '''"""{sentence}"""

import pytest
from flask import Flask

from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


def test_the_page_opens_for_whoever_may_read_it(app: Flask) -> None:
    browser = Browser(app, "director")
    assert browser.get("/{feature}/{address}").status_code == 200
    assert "{words}" in browser.text
'''
MATRIX = "{feature}_{page}.{page},GET,,,," + ",-" * 11
"""Nobody may open it until a reviewer says who; it is about no record."""


def write_page(root: Path, feature: str, page: str, action: str) -> list[Path]:
    """Write view, template and test of a page, enter it where pages are listed; return the files.

    Raises FileExistsError where the page is there already, FileNotFoundError for no such feature.
    """
    values = {
        "feature": feature,
        "page": page,
        "address": page.replace("_", "-"),
        "action": action,
        "title": page.title().replace("_", ""),
        "words": page.replace("_", " ").capitalize(),
        "sentence": f"Show {page.replace('_', ' ')}.",
    }
    files = {
        root / "hrdtracker/web" / feature / f"{page}.py": VIEW,
        root / "templates" / feature / f"{page}.html": TEMPLATE,
        root / "tests/web" / f"test_{feature}_{page}_page.py": TEST,
    }
    for path in files:
        if path.exists():
            raise FileExistsError(path)
    for path, text in files.items():
        path.write_text(text.format(**values), "utf-8")
    return [*files, _enter_blueprint(root, feature, page), _enter_matrix(root, values)]


def _enter_blueprint(root: Path, feature: str, page: str) -> Path:
    path = root / "hrdtracker/web/blueprints.py"
    name = f"{feature}_{page}"
    imported = f"from hrdtracker.web.{feature} import {page} as {name}\n"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    first = next(place for place, line in enumerate(lines) if line.startswith("from "))
    lines.insert(first, imported)
    text = "".join(lines)
    path.write_text(text.removesuffix(")\n") + f"    {name}.bp,\n)\n", "utf-8")
    return path


def _enter_matrix(root: Path, values: dict[str, str]) -> Path:
    path = root / "tests/security/access_matrix.csv"
    path.write_text(path.read_text("utf-8") + MATRIX.format(**values) + "\n", "utf-8")
    return path


def main() -> None:
    """Read feature, page and verb from the command line, and say which files were written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", help="feature/page, such as cases/handover")
    parser.add_argument("action", help="the verb that the page needs, such as CASE_READ")
    asked = parser.parse_args()
    feature, _, page = asked.page.partition("/")
    if not (NAME.fullmatch(feature) and NAME.fullmatch(page) and asked.action.isupper()):
        parser.error("write PAGE=feature/page in small letters and NEEDS as the name of a verb")
    try:
        written = write_page(ROOT, feature, page, asked.action)
    except OSError as error:
        parser.error(str(error))
    for path in written:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    sys.stdout.write(
        "Next: say in the last line of the access matrix who may, then `make format test`.\n"
    )


if __name__ == "__main__":
    main()
