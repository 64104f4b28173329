"""The application itself: what was sent is done again where it lost a race in the database."""

from copy import deepcopy
from pathlib import Path

from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

from hrdtracker.authorised import carry_out
from hrdtracker.web.shell.background import note_answer
from hrdtracker.web.shell.static_files import static_files

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class PageSession(SecureCookieSessionInterface):
    """The cookie of the pages; a file of ours has none, or a new one would have it fetched anew."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session in its cookie, and say that the answer depends on it."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


class Application(Flask):
    """Flask, whose views need not know that an act can lose a race."""

    session_interface = PageSession()

    def send_static_file(self, filename: str) -> Response:
        """Return a file of ours, as it was packed when we started."""
        files = static_files(Path(self.static_folder or ""))
        return files.answer(filename, request.accept_encodings)

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view of a request; again, as if for the first time, after a lost race."""
        if request.method in SAFE:
            return super().dispatch_request()
        cookie, page = deepcopy(dict(session)), {name: g.get(name) for name in g}

        def view() -> ResponseReturnValue:
            if dict(session) != cookie:
                session.clear()
                session.update(deepcopy(cookie))
            for name in set(g) - page.keys():
                g.pop(name)
            for name, value in page.items():
                setattr(g, name, value)
            return super(Application, self).dispatch_request()

        answer = carry_out(view)
        note_answer()
        return answer
