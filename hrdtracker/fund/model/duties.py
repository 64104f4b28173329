"""Who did what for a request, in one row, so that the database itself keeps them apart."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, and_
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.core.errors import N_
from hrdtracker.core.field import field

REQUESTER, VERIFIER, CARRIER = "requested_by_id", "verified_by_id", "carrier_id"
TOOK_PART = (REQUESTER, VERIFIER, CARRIER)
"""Whoever asked for it, verified it or carries its cash decides nothing of it."""
APPROVERS = ("approved_by_id", "director_approved_by_id", "board_approved_by_id")
RELEASER = "released_by_id"
WORD = {
    REQUESTER: "requester",
    VERIFIER: "verifier",
    "approved_by_id": "approver",
    "director_approved_by_id": "second_approver",
    "board_approved_by_id": "third_approver",
    RELEASER: "releaser",
}


class Duties:
    """The people of a request: they stand in it, and again in each of its payments."""

    requested_by_id: Mapped[int] = field(
        N_("Requested by"), ForeignKey("user_account.id"), index=True
    )
    verified_by_id: Mapped[int | None] = field(N_("Verified by"), ForeignKey("user_account.id"))
    approved_by_id: Mapped[int | None] = field(
        N_("Approved by, as fund officer"), ForeignKey("user_account.id")
    )
    """Who approved as the fund officer."""
    director_approved_by_id: Mapped[int | None] = field(
        N_("Approved by, as director"), ForeignKey("user_account.id")
    )
    """Who approved as a director."""
    board_approved_by_id: Mapped[int | None] = field(
        N_("Approved by, for the board"), ForeignKey("user_account.id")
    )
    """Who approved for the board, or as the third signature of an emergency."""
    passed_to_id: Mapped[int | None] = field(N_("Passed on to"), ForeignKey("user_account.id"))
    """Who holds the fund for it, where nobody of its office may."""

    def duties(self) -> dict[str, int | None]:
        """Return who holds each duty of the request, to stand in a payment."""
        names = (REQUESTER, VERIFIER, *APPROVERS, "passed_to_id")
        return {name: getattr(self, name) for name in names}

    def approvers(self) -> set[int]:
        """Return everybody who approved it."""
        return self._people(APPROVERS)

    def took_part(self) -> set[int]:
        """Return everybody who had a part in it, so that they decide nothing of it."""
        return self._people(TOOK_PART)

    @classmethod
    def took_no_part(cls, user_id: SQLCoreOperations[Any]) -> ColumnElement[bool]:
        """Return the condition that a user had no part in it."""
        return and_(*(getattr(cls, name).is_distinct_from(user_id) for name in TOOK_PART))

    def _people(self, names: tuple[str, ...]) -> set[int]:
        return {user_id for name in names if (user_id := getattr(self, name)) is not None}


def kept_apart(*, releaser: bool = False) -> Iterator[CheckConstraint]:
    """Yield the constraints that no two of these are one person, whatever a setting says."""
    pairs = [(name, approver) for approver in APPROVERS for name in (REQUESTER, VERIFIER)]
    pairs += combinations(APPROVERS, 2)
    if releaser:
        pairs += [(name, RELEASER) for name in (REQUESTER, *APPROVERS)]
    for one, other in pairs:
        yield CheckConstraint(f"{one} <> {other}", name=f"{WORD[one]}_is_not_{WORD[other]}")
