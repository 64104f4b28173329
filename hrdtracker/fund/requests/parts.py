"""The lines and instalments of a request as they are written: what stands is changed, not replaced.

So whoever decided on a request reads afterwards the one price that changed.
"""

from collections.abc import Sequence

from hrdtracker.core.db import session
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft, RequestDraft
from hrdtracker.fund.model import Instalment, RequestItem, SupportRequest
from hrdtracker.fund.requests.content import instalments_of, items_of


def item_as_draft(row: RequestItem) -> ItemDraft:
    """Return a line of a request as somebody wrote it."""
    return ItemDraft(row.support_type, row.each, row.what or "", row.quantity, row.lump)


def instalment_as_draft(row: Instalment) -> InstalmentDraft:
    """Return an instalment as somebody wrote it."""
    return InstalmentDraft(row.due_on, row.amount, row.currency, row.recoverable)


def write_items(request: SupportRequest, draft: RequestDraft) -> None:
    """Let the lines of a request be those of a draft. Inside an open door."""
    present = items_of(request)
    rows = _matched([(row, item_as_draft(row)) for row in present], draft.items)
    for row in present:
        if row not in rows:
            session().delete(row)
    for position, (found, item) in enumerate(zip(rows, draft.items, strict=True)):
        row = found or RequestItem(
            scope_id=request.scope_id, data_key_id=request.data_key_id, request_id=request.id
        )
        row.position, row.support_type = position, item.support_type
        row.what = item.what.strip() or None
        row.quantity, row.each, row.amount = item.quantity, item.each, item.amount
        row.lump = item.lump
        session().add(row)


def write_instalments(request: SupportRequest, draft: RequestDraft) -> None:
    """Let the instalments of a request be those of a draft, in their order. Inside an open door."""
    present, after = instalments_of(request), draft.instalments
    if not after and draft.needed_by and draft.amount and draft.households is None:
        after = (InstalmentDraft(draft.needed_by, draft.amount, draft.currency),)
    for row in present[len(after) :]:
        session().delete(row)
    for number, instalment in enumerate(after, start=1):
        row = (
            present[number - 1]
            if number <= len(present)
            else Instalment(scope_id=request.scope_id, request_id=request.id, number=number)
        )
        row.due_on, row.currency = instalment.due_on, instalment.currency
        row.amount, row.recoverable = instalment.amount, instalment.recoverable
        session().add(row)


def _matched(
    present: Sequence[tuple[RequestItem, ItemDraft]], drafts: Sequence[ItemDraft]
) -> list[RequestItem | None]:
    """Return for each draft the row that says the same, else the next that no other draft has."""
    free = list(present)
    rows: list[RequestItem | None] = []
    for draft in drafts:
        same = next((pair for pair in free if pair[1] == draft), None)
        rows.append(same[0] if same else None)
        if same:
            free.remove(same)
    return [row or (free.pop(0)[0] if free else None) for row in rows]
