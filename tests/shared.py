"""Where the facts and public data sets beside the checkout are, for the tests that need them."""

import csv
import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """Return `../shared/path`; without the folder skip the test, and with CI=true fail."""
    found = FOLDER / path
    if not found.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have ../shared/{path}")
        pytest.skip("needs ../shared")
    return found


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, each by the names of its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
