"""What a request still lacks, each thing with the way to the very field."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from hrdtracker.core.errors import Message, WrongStatus
from hrdtracker.forms.base import say
from hrdtracker.fund.drafts.requests import IN_FULL
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.requests.content import ALWAYS, OF_PLAN, due_later, what_is_missing

OTHERS = 3
"""Besides words and dates: whom it is for, who is paid, what it costs."""
BASICS = {
    "beneficiary": "beneficiary",
    "payee": "payee",
    "items": "amount",
    **dict.fromkeys(ALWAYS),
}
IN_WORDS = {**dict.fromkeys(IN_FULL), "exit_plan": None}


@dataclass(frozen=True)
class MissingThing:
    """What a request does not say yet, and where to say it."""

    text: str
    url: str


def missing_of(request: SupportRequest) -> list[MissingThing]:
    """Return what must be said before a request can be sent: the sentence, and where to say it."""
    try:
        missing = what_is_missing(request)
    except WrongStatus as unknown:
        return [MissingThing(say(unknown.reason), "")]
    return [
        MissingThing(_text(reason), address_of(request, name)) for name, reason in missing.items()
    ]


def owed_by(request: SupportRequest) -> list[MissingThing]:
    """Return what a short request still owes after it was sent."""
    return [
        MissingThing(_text(reason), url_for("fund.why", uid=request.uid) + f"#{name}")
        for name, reason in due_later(request).items()
    ]


def asked_in_all(request: SupportRequest) -> int:
    """Return how many things a request must say."""
    if request.households is not None:
        return 1 + len(OF_PLAN) + len(IN_FULL)  # besides its words, what it costs
    return OTHERS + len(ALWAYS) + (0 if request.short else len(IN_FULL))


def address_of(request: SupportRequest, name: str) -> str:
    """Return the address of the field where something is said."""
    if name in BASICS:
        return url_for("fund.basics", uid=request.uid) + f"#{BASICS[name] or name}"
    if name in IN_WORDS:
        return url_for("fund.why", uid=request.uid) + f"#{name}"
    if name == "short":
        return url_for("fund.why", uid=request.uid)
    return url_for("fund.budget", uid=request.uid)


def _text(reason: Message | str) -> str:
    return say(reason) if isinstance(reason, Message) else str(gettext(reason))
