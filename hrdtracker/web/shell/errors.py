"""How a refusal looks on a page; decided once."""

from typing import Any

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from hrdtracker.accounts.passwords import TooBusy
from hrdtracker.accounts.throttle import MustWait
from hrdtracker.core import db
from hrdtracker.core.errors import (
    DomainError,
    NotAllowed,
    NotFound,
    Refused,
    Stale,
    WrongStatus,
)
from hrdtracker.forms.base import say

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    WrongStatus: 409,
    Stale: 409,
    Refused: 422,
    MustWait: 429,
    TooBusy: 429,
}
PAGES = (400, 401, 403, 404, 405, 409, 413, 429, 500, 503)
BARE = "<!DOCTYPE html><title>500</title><p>500</p>"
log = structlog.get_logger()


def set_up(app: Flask) -> None:
    """Give each refusal its page; a fault of ours is logged by its place, never by its words."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        text = "" if status == 404 else say(error.reason)
        answer = page(status, text)
        if isinstance(error, MustWait):
            answer.headers["Retry-After"] = str(max(1, round(error.wait.total_seconds())))
        if isinstance(error, TooBusy):
            answer.headers["Retry-After"] = "5"
        return answer

    @app.errorhandler(HTTPException)
    def answered(error: HTTPException) -> Any:
        code = error.code or 500
        if code >= 500:
            return _broken_page(code)
        return page(code) if code >= 400 else error

    @app.errorhandler(Exception)
    def broke(error: Exception) -> Response:
        _log(error)
        db.session().rollback()
        return _broken_page(500)

    app.log_exception = _log_told  # type: ignore[method-assign,assignment]


def _broken_page(status: int) -> Response:
    """Return the page of a fault of ours; a bare one where even that page breaks."""
    try:
        return page(status)
    except Exception as error:  # noqa: BLE001 - nothing may come after this but an answer
        _log(error)
        return Response(BARE, status)


def _log_told(told: tuple[Any, BaseException | None, Any]) -> None:
    """Log what Flask would log with its words and its trace."""
    if told[1] is not None:
        _log(told[1])


def _log(error: BaseException) -> None:
    """Log a fault by its kind and place, never by its words."""
    log.error("broke", kind=type(error).__name__, place=_place(error), page=request.endpoint)


def page(status: int, reason: str = "") -> Response:
    """Return the page of an error; it says what to do and gives nothing away."""
    known = status if status in PAGES else (400 if status < 500 else 500)
    return Response(render_template(f"error/{known}.html", reason=reason), status)


def _place(error: BaseException) -> str:
    """Return where it broke: files and lines only."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-4:])
