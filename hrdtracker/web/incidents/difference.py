"""What changed, said in words: the name of each field, and its value before and after."""

from typing import Any

from hrdtracker.accounts.display_names import labels
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.reviewing import ALLEGED, Difference
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.words.fields import WordedChange, say_value, title_of


def say_differences(differences: list[Difference]) -> list[WordedChange]:
    """Return changes in the reader's language, with who made them."""
    names = labels({change.actor_uid for change in differences})
    return [
        WordedChange(
            title_of(change.table, change.column),
            _value(change, change.before),
            _value(change, change.after),
            _signed(change, names.get(change.actor_uid, "")),
        )
        for change in differences
    ]


def _value(change: Difference, value: Any) -> str:
    if change.column == ALLEGED and value:
        return f"{say_letter(value)}."
    return say_value(change.table, change.column, value)


def _signed(change: Difference, name: str) -> str:
    return f"{name}, {say_instant(change.at, zone(), locale(), today())}"
