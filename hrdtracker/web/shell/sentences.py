"""How sentences stand together on a page, with the punctuation of the reader's language."""

from functools import reduce

from flask_babel import gettext


def in_a_row(*sentences: str) -> str:
    """Return sentences one after the other: "Arrest. Still held"; what is empty is left out."""
    said = [each for each in sentences if each]
    return reduce(_then, said) if said else ""


def _then(before: str, after: str) -> str:
    return str(gettext("%(before)s. %(after)s", before=before, after=after))


def with_what(what: str, which: str) -> str:
    """Return something and what it holds: "Arrest: A., B."; alone where it holds nothing."""
    return str(gettext("%(what)s: %(which)s", what=what, which=which)) if which else what
