"""A person with a browser, without one: signs in, opens pages, sends forms."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from hrdtracker.accounts import sessions
from hrdtracker.core.db import unit_of_work
from tests import make

CSRF = re.compile(r'name="csrf_token"\s+value="([^"]+)"')
FIELD = re.compile(r'<input[^>]*name="submission_id"[^>]*value="([^"]+)"')


@contextmanager
def page_open(
    app: Flask, path: str = "/away", language: str = "en", **options: Any
) -> Iterator[None]:
    """Be in the middle of a page that a stranger opens, who reads this language."""
    with app.test_request_context(path, headers={"Accept-Language": language}, **options):
        app.preprocess_request()
        yield


class Browser:
    """One browser of one person; cookies are kept, the CSRF check is on."""

    def __init__(self, app: Flask, login: str | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        self.uid: UUID | None = None
        self.page = ""
        if login:
            self.sign_in(login)

    def sign_in(self, login: str) -> "Browser":
        """Begin a session without a password: only the tests of signing in hash."""
        with self.app.app_context(), unit_of_work(make.open_session(self.app)):
            user = make.user(login)
            token = sessions.begin(user, "Test")
            self.uid = user.uid
        self.client.set_cookie("day", token)
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page, and keep it."""
        answer = self.client.get(path, **options)
        return self._shown(answer)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form with the token of a page of ours; follows nothing unless told."""
        sent = {"csrf_token": self.csrf(), **(data or {})}
        if self.uid:
            sent.setdefault("_as", self.uid.hex)
        answer = self.client.post(path, data=sent, **options)
        return self._shown(answer)

    def _shown(self, answer: TestResponse) -> TestResponse:
        """Keep the page; one that is not sent as a page would be shown as its own source."""
        self.page = answer.get_data(as_text=True)
        assert answer.mimetype == "text/html" or "<!doctype" not in self.page.lower()
        return answer

    def csrf(self) -> str:
        """Return the token that our pages carry for this browser."""
        found = CSRF.search(self.page) or CSRF.search(
            self.client.get("/away").get_data(as_text=True)
        )
        assert found, "the page carries no token"
        return unescape(found.group(1))

    @property
    def text(self) -> str:
        """Return what the page says, without its marks."""
        shown = re.sub(r"<template.*?</template>", " ", self.page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", shown)))
