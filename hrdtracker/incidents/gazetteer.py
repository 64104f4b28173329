"""Where: words such as “factory gate, Phnom Penh” become a province, a district, a commune."""

import re
from functools import lru_cache

from hrdtracker.codelists.files import read_list
from hrdtracker.incidents.drafts import Location
from hrdtracker.incidents.model import PlaceKind
from hrdtracker.people.writing import search_text

KHMER = re.compile(r"[\u1780-\u17ff]")
LEAST_LATIN, LEAST_KHMER = 4, 3


def read_place(text: str | None) -> Location:
    """Return the place that the words name, and the words; never a guess between two places.

    A province is found by its name in either script; a district or commune only below a province
    that is named too, since many share their names.
    """
    words = (text or "").strip()
    if not words:
        return Location()
    plain = search_text(words)
    province = _longest(plain, _names("province"))
    if province is None:
        return Location(words=words)
    district = _longest(plain, _names("district", province))
    commune = _longest(plain, _names("commune", district)) if district else None
    return Location(PlaceKind.CAMBODIA, province, district, commune, words=words)


def _longest(plain: str, names: dict[str, str]) -> str | None:
    """Return the code of the longest name in the text; None where two are equally long."""
    matches = [(len(name), code) for name, code in names.items() if _contains(plain, name)]
    if not matches:
        return None
    longest = max(length for length, _ in matches)
    codes = {code for length, code in matches if length == longest}
    return codes.pop() if len(codes) == 1 else None


def _contains(plain: str, name: str) -> bool:
    if name not in plain:
        return False
    if KHMER.search(name):
        return len(name) >= LEAST_KHMER
    return len(name) >= LEAST_LATIN and _is_whole_word(plain, name)


def _is_whole_word(plain: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain) is not None


@lru_cache(maxsize=256)
def _names(codelist: str, parent: str = "") -> dict[str, str]:
    """Return the codes below `parent` by each of their names, as they are searched."""
    names: dict[str, str] = {}
    for row in read_list(codelist):
        if row.code.startswith(parent):
            others = row.extra.get("names", [])
            for name in (row.label_en, row.label_km, *(others if isinstance(others, list) else [])):
                names.setdefault(search_text(str(name)), row.code)
    return names
