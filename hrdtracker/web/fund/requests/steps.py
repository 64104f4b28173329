"""The way of a request: what is done, where it stands, and what is still to come."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.web.fund.requests.plans import say_drawn
from hrdtracker.web.fund.requests.summary import say_wanted
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.requests import by_at


@dataclass(frozen=True)
class StepLine:
    """One step on the way of a request; its state is done, here or nothing."""

    what: str
    who: str
    state: str


def steps_of(details: RequestDetails, users: Mapping[int, str]) -> list[StepLine]:
    """Return the way of a request: what is done, where it is, what is still to come."""
    request, line = details.request, details.line
    submitted_at = request.submitted_at
    sent = by_at(users.get(request.requested_by_id, ""), submitted_at)
    verified = by_at(users.get(request.verified_by_id or 0, ""), request.recommended_at)
    signed = ", ".join(
        users.get(approver, "") for approver in sorted(request.approvers()) if users.get(approver)
    )
    paid = request.status in {"paid", "acquitted", "closed"}
    done = [
        (gettext("Asked"), submitted_at is not None, sent),
        (gettext("Verified and recommended"), request.recommended_at is not None, verified),
        (
            gettext("Approved"),
            request.approved_at is not None,
            _signed(details, signed),
        ),
        (
            gettext("Promised on a line"),
            request.committed_at is not None and line is not None,
            by_at(f"{line.code} {line.title}", request.committed_at) if line else "",
        ),
        (gettext("Paid"), paid, _parts(details)),
        (gettext("Accounted for"), request.status in {"acquitted", "closed"}, ""),
    ]
    if request.emergency:
        done.pop(1)
    if request.households is not None:
        all_drew = request.drawn == request.households
        done[3:] = [(gettext("Drawn by households"), all_drew, say_drawn(request))]
    here = next((place for place, (_, is_done, _) in enumerate(done) if not is_done), len(done))
    ended = request.ended_at is not None
    return [
        StepLine(what, who, _state(place, here, is_done=is_done, ended=ended))
        for place, (what, is_done, who) in enumerate(done)
    ]


def _signed(details: RequestDetails, signed: str) -> str:
    """Return who has approved, and whose approval is still wanted; to whoever asked only when."""
    request = details.request
    if details.asks:
        return by_at("", request.approved_at)
    if request.approved_at is not None or request.ended_at is not None:
        return by_at(signed, request.approved_at)
    missing = say_wanted(details)
    if signed and missing:
        return begin(gettext("%(signed)s; still wanted: %(who)s", signed=signed, who=missing))
    return gettext("Still wanted: %(who)s", who=missing) if missing else begin(signed)


def _state(place: int, here: int, *, is_done: bool, ended: bool) -> str:
    if is_done:
        return "done"
    return "here" if place == here and not ended else ""


def _parts(details: RequestDetails) -> str:
    many = len(details.instalments)
    return str(ngettext("%(count)s instalment", "%(count)s instalments", many, count=number(many)))
