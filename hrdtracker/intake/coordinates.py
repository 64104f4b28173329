"""Where exactly something happened, as people write it, and as coarsely as it is to be kept."""

import re

FARTHEST = (90, 180)
"""The largest latitude and longitude."""
HEMISPHERES = ("NS", "EW")
HALF = re.compile(
    r"""\s*(?P<before>[NSEW])?\s*(?P<minus>[-\u2013\u2212])?
    (?P<degrees>\d{1,3}(?:\.\d+)?)\s*[°º]?
    (?:\s*(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['\u2032\u2019])?
    (?:\s*(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:["\u2033\u201d]|''))?
    \s*(?P<after>[NSEW])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
BETWEEN = re.compile(
    r"[,;|/]|(?<=[\d'\"°\u2032\u2033NSEW])\s+(?=[-\dNSEW\u2013\u2212])", re.IGNORECASE
)
DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
DECIMALS_OF = {"seconds": 4, "minutes": 2}
"""How many decimals of a degree are as fine as a second and a minute are."""


def coarse(text: str, decimals: int) -> str:
    """Return coordinates with so many decimals at most; "" where these are none.

    Latitude stands first, unless they name their hemispheres. Nothing becomes finer than written.
    """
    halves = _halves(text) or _halves(DECIMAL_COMMA.sub(".", text))
    if not halves:
        return ""
    return ", ".join(
        f"{_degrees(half):.{min(decimals, _decimals(half))}f}" for half in _in_order(halves)
    )


def _halves(text: str) -> list[re.Match[str]]:
    """Return latitude and longitude in the order written; nothing where these are no two."""
    for between in BETWEEN.finditer(text):
        parts = (text[: between.start()], text[between.end() :])
        halves = [match for part in parts if (match := HALF.fullmatch(part))]
        if len(halves) == len(FARTHEST) and _are_on_earth(_in_order(halves)):
            return halves
    return []


def _in_order(halves: list[re.Match[str]]) -> list[re.Match[str]]:
    return halves[::-1] if _hemisphere(halves[0]) in HEMISPHERES[1] else halves


def _hemisphere(half: re.Match[str]) -> str:
    return (half["before"] or half["after"] or "?").upper()


def _are_on_earth(halves: list[re.Match[str]]) -> bool:
    return all(
        abs(_degrees(half)) <= most and _hemisphere(half) in f"{letters}?"
        for half, most, letters in zip(halves, FARTHEST, HEMISPHERES, strict=True)
    )


def _degrees(half: re.Match[str]) -> float:
    size = float(half["degrees"]) + float(half["minutes"] or 0) / 60
    size += float(half["seconds"] or 0) / 3600
    return -size if half["minus"] or _hemisphere(half) in "SW" else size


def _decimals(half: re.Match[str]) -> int:
    """Return how many decimals of a degree are as fine as what is written."""
    parts = (decimals for part, decimals in DECIMALS_OF.items() if half[part])
    return next(parts, len(half["degrees"].partition(".")[2]))
