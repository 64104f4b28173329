"""People and groups in the reader's words: the letter of each in a case, and how many they are."""

from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext, ngettext

from hrdtracker.people import letters
from hrdtracker.people.model import CountingUnit
from hrdtracker.people.sizes import Count, Counted, Size, size_of
from hrdtracker.web.shell.context import locale, number


def set_up(app: Flask) -> None:
    """Let templates say a letter and a size."""
    app.jinja_env.filters.update({"letter": say_letter, "size": say_size})


def say_letter(kept: str) -> str:
    """Return the letter that stands for somebody in a case, in the reader's script: "A", "ក"."""
    return letters.say_letter(kept, locale())


def say_size(record: Counted) -> str:
    """Return how many a group is: "120 families (about 500 people)"; nothing of one person."""
    if record.unit == CountingUnit.PERSON:
        return ""
    size = size_of([record])
    return "" if size.groups else say_sizes(size)


def say_count(size: Size) -> str:
    """Return a bare number where only single people are counted, else what `say_sizes` says."""
    is_plain = not (size.people.is_about or size.families.number or size.groups)
    return number(size.people.number) if is_plain else say_sizes(size)


def say_sizes(size: Size) -> str:
    """Return how many people, families and groups there are: "3 people, about 120 families"."""
    parts = [say_people(size.people), _families(size), _groups(size.groups)]
    return ", ".join(part for part in parts if part) or say_people(size.people, even_none=True)


def say_groups(groups: Sequence[Counted]) -> str:
    """Return how many groups there are, and how large: "1 group, about 120 families"."""
    size = size_of(groups)
    parts = [_groups(len(groups)), say_people(size.people), _families(size)]
    return ", ".join(part for part in parts if part)


def say_people(count: Count, *, even_none: bool = False) -> str:
    """Return a number of people: "about 12 people"; nothing where there are none."""
    if not count.number and not even_none:
        return ""
    if count.is_about:
        return str(gettext("about %(count)s people", count=number(count.number)))
    return str(
        ngettext("%(count)s person", "%(count)s people", count.number, count=number(count.number))
    )


def _families(size: Size) -> str:
    if not size.families.number:
        return ""
    count = number(size.families.number)
    families = (
        gettext("about %(count)s families", count=count)
        if size.families.is_about
        else ngettext("%(count)s family", "%(count)s families", size.families.number, count=count)
    )
    people = say_people(size.in_families)
    return str(gettext("%(count)s (%(more)s)", count=families, more=people) if people else families)


def _groups(count: int) -> str:
    return (
        str(ngettext("%(count)s group", "%(count)s groups", count, count=number(count)))
        if count
        else ""
    )
