"""What changed, said in words: the name of each field, and its value before and after."""

from dataclasses import dataclass

from hrdtracker.accounts.display_names import labels
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.reviewing import Difference
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.words.fields import say_value, title_of


@dataclass(frozen=True)
class WordedChange:
    """One change in words."""

    what: str
    before: str
    after: str
    who: str


def say_differences(found: list[Difference]) -> list[WordedChange]:
    """Return changes in the reader's language, with who made them."""
    names = labels({each.actor_uid for each in found})
    return [
        WordedChange(
            title_of(each.table, each.column),
            say_value(each.table, each.column, each.before),
            say_value(each.table, each.column, each.after),
            f"{names.get(each.actor_uid, '')}, {say_instant(each.at, zone(), locale(), today())}",
        )
        for each in found
    ]
