"""What changed in a request since the reader decided on it, in words: one line for each thing."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, ngettext

from hrdtracker.accounts.display_names import labels
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.money import Money
from hrdtracker.core.when.say import say_day
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft
from hrdtracker.fund.model import RequestItem
from hrdtracker.fund.reading.changes import Changed, ChangedPart, ChangedPerson, ChangedSince
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.words.fields import WordedChange, label_of, say_value
from hrdtracker.web.words.requests import by_at, money

HIDDEN = {"payee_details"}
"""What is said to have changed, never how: only who releases the money sees it."""


def say_changed(changes: Iterable[Changed]) -> list[WordedChange]:
    """Return changes in words, with who made them."""
    changes = list(changes)
    names = labels({change.actor_uid for change in changes})
    return [
        WordedChange(*_said(change), by_at(names.get(change.actor_uid, ""), change.at))
        for change in changes
    ]


def say_more(item: ItemDraft | RequestItem) -> str:
    """Return what is said of a line besides its kind and price."""
    times = ngettext(
        "%(count)s time", "%(count)s times", item.quantity, count=number(item.quantity)
    )
    lump = gettext("lump sum, no receipt") if item.lump else ""
    more = [item.what or "", times if item.quantity > 1 else "", lump]
    return ", ".join(part for part in more if part)


def _said(change: Changed) -> tuple[str, str, str]:
    """Return what changed, and how it was and is."""
    if isinstance(change, ChangedPerson):
        return word(change.part), "", str(gettext("Somebody else now"))
    if isinstance(change, ChangedPart):
        is_line = change.table == RequestItem.__tablename__
        what = gettext("What it pays for") if is_line else gettext("Instalment")
        return str(what), _part(change.before), _part(change.after)
    before, after = (_value(change, value) for value in (change.before, change.after))
    return label_of(change.table, change.column), before, after


def _value(change: ChangedSince, value: Any) -> str:
    if value and change.column in HIDDEN:
        return "•••••"
    if isinstance(value, Money):
        return number(value)
    return say_value(change.table, change.column, value)


def _part(part: tuple[ItemDraft | InstalmentDraft, str] | None) -> str:
    """Return what a line or an instalment says; that it is none where it was or is not there."""
    if part is None:
        return str(gettext("None"))
    draft, currency = part
    if isinstance(draft, ItemDraft):
        kind = terms().label("support_type", draft.support_type, locale())
        said = [kind, say_more(draft), money(draft.each, currency)]
    else:
        back = gettext("A deposit or bail that should come back") if draft.recoverable else ""
        said = [say_day(draft.due_on, locale(), brief=True), money(draft.amount, currency), back]
    return " · ".join(str(piece) for piece in said if piece)
