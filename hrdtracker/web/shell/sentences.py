"""How sentences stand together on a page, with the punctuation of the reader's language."""

from functools import reduce

from flask_babel import gettext


def begin(text: str) -> str:
    """Return a text as it begins a line: with a capital, where the script has them.

    For what is composed of a date or of several parts, of which any may come first. Nothing makes
    letters small: a label may begin with a name, or be an abbreviation.
    """
    return text[:1].upper() + text[1:]


def in_a_row(*sentences: str) -> str:
    """Return sentences one after the other: "Arrest. Still held"; what is empty is left out."""
    parts = [sentence for sentence in sentences if sentence]
    return reduce(_then, parts) if parts else ""


def _then(before: str, after: str) -> str:
    return str(gettext("%(before)s. %(after)s", before=before, after=after))


def with_what(what: str, which: str) -> str:
    """Return something and what it holds: "Arrest: A., B."; alone where it holds nothing."""
    return str(gettext("%(what)s: %(which)s", what=what, which=which)) if which else what
