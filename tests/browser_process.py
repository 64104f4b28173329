"""Chromium as the tests use it: Debian's own, without windows, with the outside network closed."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The first that is there is used: the shell opens a page in a quarter of the other's time."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


def why_missing() -> str | None:
    """Return the sentence that says why no browser test can run, None where they can."""
    return None if _program() else f"no browser: none of {', '.join(PROGRAMS)} is on the PATH"


def launch(playwright: Playwright) -> Browser:
    """Start Chromium; where it is missing skip the test, and with CI set fail."""
    _require()
    return playwright.chromium.launch(executable_path=_program(), args=FLAGS)


def launch_in(playwright: Playwright, profile: Path, address: str) -> BrowserContext:
    """Start Chromium as somebody does at home: what it writes to the disk goes into `profile`."""
    _require()
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=_program(), args=FLAGS, base_url=address
    )


def _require() -> None:
    missing = why_missing()
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


def _program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
