"""Which requests are paid into the same account, whoever is said to be paid: compared in memory."""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, select

from hrdtracker.core.db import session
from hrdtracker.core.numerals import latin_digits
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import SupportRequest

BETWEEN = (r"[\s.\u200b-]*", r"(?:[^\w,;]|_){0,3}", r"(?:\W|_){0,3}")
"""What stands between digits of one number: strictly, with brackets and strokes, any signs."""
NUMBERS = tuple(re.compile(rf"\+?\d(?:{between}\d)*") for between in BETWEEN)
SIGNS = re.compile(r"[^\d+]")
COUNTRY = re.compile(r"^(?:\+|00)855")
LEAST_DIGITS = 6
"""Fewer are no account: a month, a house, half of a code."""
WITHIN_DIGITS = 8
"""So many are the same account where more digits stand around them, too: a country, a note."""


def account_numbers(text: str | None) -> frozenset[str]:
    """Return the numbers in how somebody is paid that may be an account or a telephone.

    The same number typed in Khmer digits, in other groups, or with the country before it is one.
    """
    said = latin_digits(text or "")
    parts = {part for pattern in NUMBERS for part in pattern.findall(said)}
    found = (SIGNS.sub("", part) for part in parts)
    plain = (COUNTRY.sub("", number).strip("+").lstrip("0") for number in found)
    return frozenset(number for number in plain if len(number) >= LEAST_DIGITS)


def pays_one_account(numbers: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether one of each is the same number, or one stands within the other."""
    return not numbers.isdisjoint(others) or any(
        one in other or other in one
        for one in numbers
        for other in others
        if min(len(one), len(other)) >= WITHIN_DIGITS
    )


def same_account(request: SupportRequest, counts: ColumnElement[bool]) -> list[int]:
    """Return those of the requests that `counts` asks for which pay into an account of this one.

    What the actor may not read is unlocked for this alone: nobody is shown it, and one amount is
    all that is kept. Of each request in question one number is unlocked.
    """
    mine = account_numbers(_details_of(request))
    if not mine:
        return []
    sealed = SupportRequest.__table__.c[SupportRequest.payee_details.column]
    query = select(SupportRequest.id, SupportRequest.uid, SupportRequest.data_key_id, sealed).where(
        SupportRequest.organisation_id == request.organisation_id,
        SupportRequest.id != request.id,
        sealed.is_not(None),
        counts,
    )
    rows = session().execute(query).all()
    ring().load(row.data_key_id for row in rows)
    return [
        number
        for number, uid, key_id, ciphertext in rows
        if pays_one_account(mine, account_numbers(_unlocked(uid, key_id, ciphertext)))
    ]


def _details_of(request: SupportRequest) -> str | None:
    ciphertext = SupportRequest.payee_details.ciphertext(request)
    if ciphertext is None:
        return None
    ring().load([request.data_key_id])
    return _unlocked(request.uid, request.data_key_id, ciphertext)


def _unlocked(uid: UUID, key_id: int, ciphertext: bytes) -> str:
    return SupportRequest.payee_details.unseal_to_compare(SupportRequest, uid, key_id, ciphertext)
