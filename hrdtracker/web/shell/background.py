"""A form that a script sends in the background: the answer says that it is stored, and where."""

from flask import Flask, Response, request

from hrdtracker.audit.receipts import is_known
from hrdtracker.core.sending import Sending
from hrdtracker.forms.base import uid_or_none
from hrdtracker.web.shell import identity

SUBMISSION = "Submission-Id"
"""The header with which a script names the form it sends, and with which the answer confirms it."""


def set_up(app: Flask) -> None:
    """Confirm by its id each form that was stored, to the script that sent it.

    Where the answer leads to another page, the script is told which: the browser would follow it
    unseen, and what the page says but once would be gone.
    """

    @app.after_request
    def confirm(response: Response) -> Response:
        key = uid_or_none(request.headers.get(SUBMISSION))
        here = identity.visitor() if key and response.status_code < 500 else None
        if key and here and is_known(here.actor, Sending(key)):
            response.headers[SUBMISSION] = request.headers[SUBMISSION]
            if response.location:
                response.status_code = 200
                response.set_data(b"")
        return response
