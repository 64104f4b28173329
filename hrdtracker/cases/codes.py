"""What cases are called, for lists that are not about cases."""

from collections.abc import Iterable

from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session


def codes_of(scope_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the codes of the cases with these scopes; whoever asks may know them already."""
    present = {scope_id for scope_id in scope_ids if scope_id is not None}
    if not present:
        return {}
    query = select(Case.scope_id, Case.code).where(Case.scope_id.in_(present))
    return {scope_id: code for scope_id, code in session().execute(query)}  # noqa: C416 - typed
