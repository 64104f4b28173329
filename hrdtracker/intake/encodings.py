"""In which encoding a file is written: certain, detected, or asked about."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import chardet

UTF8 = "utf-8-sig"
LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254", "mac-roman", "cp1258")
"""The first is what Windows writes in most places; the others count only where they fit better."""
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")
OTHERS = (*CYRILLIC, "cp1253", "cp1255", "cp1256", "cp874", "gb18030", "cp949", "cp932")
SAMPLE_MOST = 100_000
SHOWN_LINES, SHOWN_LETTERS = 3, 80
TIMES_BETTER = 2
"""How much more a detector must trust the best reading than the next that says something else."""
LEAST_TRUST = dict.fromkeys(LATIN, 0.03) | {LATIN[0]: 0.0}
LEAST_TRUST_OF_OTHERS = 0.1
MIXED_MOST = 0.05
"""The share of words that no reading may mix of two scripts, or of letters and frames."""
WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")
FOREIGN_LETTERS = re.compile(r"[^\x00-\x7f]+")
STAND_IN = "\ufffd"
"""What stands for bytes that are no letter."""
FOREIGN = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")
ORDINARY_SIGNS = frozenset("°©®™¦")
NOT_LATIN = frozenset({"CYRILLIC", "THAI", "GREEK", "HEBREW", "ARABIC"})
"""Scripts that stand in no word together with Latin letters."""
WIDE = ("utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Reading:
    """One way to read a file, and how much a detector trusts it."""

    encoding: str
    trust: float
    sample: str = field(repr=False)


def marked_or_utf8(data: bytes) -> str | None:
    """Return the encoding of bytes that leave no doubt; None for all others."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16" if _holds(data, "utf-16") else None
    wide = (order for order in WIDE if b"\0" in data and _is_wide(data, order))
    return next(wide, None) or (UTF8 if _holds(data, UTF8) else None)


def line_beyond_utf8(data: bytes) -> int | None:
    """Return the first line that is no UTF-8 of bytes that mostly are; None for all others."""
    text = data.decode(UTF8, "replace")
    broken = text.count(STAND_IN)
    foreign = sum(map(len, FOREIGN_LETTERS.findall(text))) - broken
    return text[: text.index(STAND_IN)].count("\n") + 1 if 0 < broken <= foreign else None


def readings(data: bytes) -> list[Reading]:
    """Return the ways in which bytes may be read, the most trusted first."""
    sample = b"\n".join(match[0] for match in FOREIGN.finditer(data))[:SAMPLE_MOST]
    return list(_distinct(data, sample))


def certain(candidates: Sequence[Reading]) -> Reading | None:
    """Return the reading that is trusted enough in itself, and far more than any other."""
    if not candidates:
        return None
    best, *others = candidates
    is_plain = best.encoding == LATIN[0]
    rivals = (other for other in others if not (is_plain and other.encoding in LATIN))
    is_rivalled = any(rival.trust * TIMES_BETTER > best.trust for rival in rivals)
    least = LEAST_TRUST.get(best.encoding, LEAST_TRUST_OF_OTHERS)
    return None if is_rivalled or best.trust < least else best


def _distinct(data: bytes, sample: bytes) -> Iterator[Reading]:
    """Yield the readings that make sense, the most trusted first, each text once."""
    guesses = chardet.detect_all(
        sample,
        ignore_threshold=True,
        include_encodings=(*LATIN, *OTHERS),
        compat_names=False,
    )
    trust = {str(guess["encoding"]): guess["confidence"] for guess in guesses if guess["encoding"]}
    by_text: dict[str, list[str]] = {}
    for encoding in (*LATIN, *OTHERS):
        if encoding in trust and _holds(data, encoding):
            by_text.setdefault(sample.decode(encoding, "replace"), []).append(encoding)
    sensible = [
        Reading(names[0], max(trust[name] for name in names), text)
        for text, names in by_text.items()
        if _makes_sense(text)
    ]
    yield from sorted(sensible, key=lambda reading: -reading.trust)


def _makes_sense(text: str) -> bool:
    """Tell whether hardly a word mixes two scripts, or letters with frames and controls."""
    words = [word for word in WORD.findall(text) if not word.isascii()]
    mixed = sum(_is_mixed(word) for word in words)
    return mixed <= MIXED_MOST * len(words)


def _is_mixed(word: str) -> bool:
    scripts = {unicodedata.name(sign, "?").split()[0] for sign in word if sign.isalpha()}
    if "LATIN" in scripts and scripts & NOT_LATIN:
        return True
    odd = {unicodedata.category(sign) for sign in word if sign not in ORDINARY_SIGNS}
    return bool(scripts) and bool(odd & {"So", "Cc", "Co", "Cn", "Sm"})


def name_of(encoding: str) -> str:
    """Return what an encoding is called where people choose one: Windows-1252."""
    return re.sub(r"^cp(125\d|874)$", r"Windows-\1", encoding)


def first_lines(text: str) -> str:
    """Return the first lines of a reading that tell it from others."""
    lines = [line.strip()[:SHOWN_LETTERS] for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[:SHOWN_LINES])


def _holds(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_wide(data: bytes, encoding: str) -> bool:
    """Tell whether bytes without a mark are lines in UTF-16 of this order."""
    if not _holds(data, encoding):
        return False
    text = data.decode(encoding)
    kinds = {unicodedata.category(sign) for sign in text[:SAMPLE_MOST] if not sign.isspace()}
    return "\n" in text and not kinds & {"Cc", "Cn", "Cs", "Co"}
