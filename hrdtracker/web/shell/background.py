"""A form that a script sends in the background: which answer is its own, and where it leads."""

from flask import Flask, Response, g, request

from hrdtracker.forms.base import uid_or_none

SUBMISSION = "Submission-Id"
"""The header with which a script names what it sends, and with which the answer confirms it."""


def note_answer() -> None:
    """Note that this request gets the answer of its form: done, or the form once more.

    An error page, and the way to sign in, are none: what was typed stays where it is.
    """
    g.is_answered = True


def set_up(app: Flask) -> None:
    """Confirm by its id each form that was answered, to the script that sent it.

    Where the answer leads to another page, the act is done, and the script is told which page: the
    browser would follow it unseen, and what the page says but once would be gone.
    """

    @app.after_request
    def confirm(response: Response) -> Response:
        key = request.headers.get(SUBMISSION)
        if g.get("is_answered") and uid_or_none(key):
            response.headers[SUBMISSION] = key
            if response.location:
                response.status_code = 200
                response.set_data(b"")
        return response
