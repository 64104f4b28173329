"""How a refusal looks on a page; decided once."""

import contextlib
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from hrdtracker.accounts.passwords import TooBusy
from hrdtracker.accounts.throttle import MustWait
from hrdtracker.authorised import forget_reading
from hrdtracker.core import db
from hrdtracker.core.errors import (
    AtStandstill,
    DomainError,
    NotAllowed,
    NotFound,
    Refused,
    Stale,
    WrongStatus,
)
from hrdtracker.core.outage import is_outage
from hrdtracker.forms.base import say
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.request_guard import came_from_us, send_again

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    AtStandstill: 403,
    WrongStatus: 409,
    Stale: 409,
    Refused: 422,
    MustWait: 429,
    TooBusy: 429,
}
RETRY_AFTER_S = 30
"""When an outage of the database is worth another try."""
PAGES = (400, 401, 403, 404, 405, 409, 413, 429, 500, 503)
BARE = "<!DOCTYPE html><title>500</title><p>500</p>"
log = structlog.get_logger()


@dataclass(frozen=True)
class ErrorPage:
    """Why something was refused, in one sentence; nothing where the page of its kind says it."""

    reason: str


def set_up(app: Flask) -> None:
    """Give each refusal its page; a fault of ours is logged by its place, never by its words."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        text = "" if status == 404 else say(error.reason)
        answer = error_page(status, text)
        if isinstance(error, MustWait):
            answer.headers["Retry-After"] = str(max(1, round(error.wait.total_seconds())))
        if isinstance(error, TooBusy):
            answer.headers["Retry-After"] = "5"
        return answer

    app.register_error_handler(HTTPException, _answered)
    app.register_error_handler(Exception, _broke)
    app.log_exception = _log_exception  # type: ignore[method-assign,assignment]


def _answered(error: HTTPException) -> Response:
    code = error.code or 500
    if isinstance(error, InternalServerError) and is_outage(error.original_exception):
        return _away()
    answer = _broken_page(code) if code >= 500 else error_page(code)
    answer.headers.extend(pair for pair in error.get_headers() if pair[0] != "Content-Type")
    return answer


def _broke(error: Exception) -> Response:
    _log(error)
    with contextlib.suppress(Exception):  # it may be the database that broke
        db.session().rollback()
    return _away() if is_outage(error) else _broken_page(500)


def _away() -> Response:
    """Say that the database is away, without asking it; what was typed is handed back."""
    identity.do_without_database()
    is_form = request.method == "POST" and came_from_us()
    answer = send_again(away=True) if is_form else _broken_page(503)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _broken_page(status: int) -> Response:
    """Return the page of a fault of ours; a bare one where even that page breaks."""
    try:
        return error_page(status)
    except Exception as error:  # noqa: BLE001 - nothing may come after this but an answer
        _log(error)
        return Response(BARE, status)


def _log_exception(raised: tuple[Any, BaseException, Any]) -> None:
    """Log what Flask would log with its words and its trace."""
    _log(raised[1])


def _log(error: BaseException) -> None:
    """Log a fault by its kind and place, never by its words."""
    log.error("broke", kind=type(error).__name__, place=_place(error), page=request.endpoint)


def error_page(status: int, reason: str = "") -> Response:
    """Return the page of an error; it says what to do and gives nothing away."""
    forget_reading()
    kind = next(page for page in (status, status // 100 * 100) if page in PAGES)
    return show(f"error/{kind}.html", ErrorPage(reason), status=status)


def _place(error: BaseException) -> str:
    """Return where it broke: files and lines only."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-4:])
