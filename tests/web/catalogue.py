"""The Khmer catalogue, as tests read it: every sentence with its translation."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "hrdtracker" / "translations" / "km" / "LC_MESSAGES" / "messages.po"
LATIN_IN_KHMER_TOO = {
    "a code of an office, as it is typed": {"PNH"},
    "a time zone has its name in Latin letters": {"Asia/Phnom_Penh"},
    "a key of the keyboard": {"Esc"},
    "what a computer calls a kind of file": {"CSV", "UTF", "PDF", "TOML", "XLSX", "MB", "kB"},
    "a list of rates has its name in Latin letters": {"InforEuro"},
    "a word of browsers that Khmer has none for yet": {"passkey"},
    "letters and names that a login is made of": {"a", "z", "monitor3", "admin1", "board1"},
}
ALLOWED = set().union(*LATIN_IN_KHMER_TOO.values())
Words = str | tuple[str, ...]


@cache
def in_the_sources() -> frozenset[Words]:
    """Return every message that code and templates hold now."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    found = extract_from_dir(
        str(ROOT),
        method_map=[(each["pattern"], each["method"]) for each in settings["mappings"]],
        keywords={**DEFAULT_KEYWORDS, "lazy_gettext": None},
        directory_filter=lambda path: (
            Path(path).name in {ROOT.name, "hrdtracker", "templates"}
            or {"hrdtracker", "templates"} & set(Path(path).relative_to(ROOT).parts) != set()
        ),
    )
    return frozenset(words for _, _, words, _, _ in found)


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="km", abort_invalid=True)


def messages() -> Iterator[tuple[Message, str]]:
    """Give each message with its Khmer; Khmer has no plural, so it is one."""
    for message in catalogue():
        if message.id:
            said = message.string
            yield message, said if isinstance(said, str) else said[0] if said else ""


@cache
def khmer() -> dict[str, str]:
    """Return the Khmer there is by the English; of a plural, by its first form.

    A word with a context stands by both, as “fact: Yes”.
    """
    return {_key(message): said for message, said in messages() if said}


def _key(message: Message) -> str:
    english = str(message.id if isinstance(message.id, str) else message.id[0])
    return f"{message.context}: {english}" if message.context else english
