"""Where the facts and public data sets beside the checkout are, for the tests that need them."""

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
