"""Builders for what is asked once more: in the same case, or for the same payee."""

from typing import Any

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.fund.model import RequestRole, SupportRequest
from hrdtracker.fund.requests import service as requests
from tests import fund, make

SMALL = 300_00
"""Two of them need a director, one does not."""


def asked_again(request: SupportRequest, amount: int = SMALL, **changes: Any) -> SupportRequest:
    """Ask once more in the same case, for others unless they are named; and send it."""
    case = session().get_one(Case, request.case_id)
    again = requests.ask(make.actor("monitor"), case, fund.draft(amount, **changes))
    requests.submit(make.actor("monitor"), again, again.version)
    return again


def for_the_same(request: SupportRequest, amount: int = SMALL, **changes: Any) -> SupportRequest:
    """Ask once more for the same payee, and send it."""
    payee = fund.person_in(request, RequestRole.PAYEE)
    return asked_again(request, amount, payee=payee, **changes)
