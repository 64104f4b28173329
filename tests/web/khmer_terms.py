"""The termbase beside the checkout, and where Khmer of ours says a word it forbids."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from hrdtracker.codelists.files import LISTS, read_list
from tests.shared import shared
from tests.web.catalogue import khmer

VARIANT = re.compile(r"([\u1780-\u17ff][\u1780-\u17ff /]*?)\s*(\([^)]*\))?\s*(?:[,;]|$)")
PLACES = {"province", "district", "commune", "country", "court", "prison"}
"""Lists of names: what a place is called is no word of ours."""

NAMED_BY = {
    "respectful reference to a person on record": (
        r"happen\w* to them|their human|(protects?|makes?) them"
    ),
    "to recommend (a request)": r"\brecommend",
    "edit": r"^Change (a|an|the|it|title|donors)\b",
    "correct (a fault)": r"^Correct it\b",
    "median": r"\bin the middle\b",
    "open (status)": r"^Open$",
    "yes / no (a fact)": r"^(fact: (Yes|No)|(?-i:yes|no))$",
    "hearing": r"\bhearing\b",
}
"""How the English names a term whose own words it does not use."""

ORDINARY = {
    "រឿង": "a matter; a lawsuit",
    "ភ្នាក់ងារ": "an agent, such as a guard",
    "ត្រួតពិនិត្យ": "to check; what a censor does",
    "ត្រូវបានសង្ស័យ": "suspected, which is another grade than alleged",
    "ត្រូវបានចោទ": "charged by a court",
    "វា": "it, of a thing",
    "គេ": "people in general",
    "ការប្រជុំ": "a meeting",
    "អវត្តមាន": "away from work",
    "ដកហូត": "to take away, as land or a licence is",
    "ហាម": "to forbid, as a law or a safety note does",
    "លាក់": "to hide oneself",
    "ការអនុញ្ញាត": "a permission",
    "យល់ព្រម": "to consent",
    "កណ្តាល": "middle",
    "កែ": "to change or correct, inside a sentence",
    "ប្តូរ": "to exchange or move",
}
"""Words that are wrong for one term and right elsewhere: sought only where the English names it."""

LONGER = {
    "តួ": ("តួនាទី", "តួលេខ", "តិចតួច", "តួយ៉ាង"),
    "សភាព": ("ទាសភាព",),
    "កណ្តាល": ("ពាក់កណ្តាល",),
    "លាក់": ("ជាក់លាក់",),
    "វា": ("រវាង", "សេវា", "វាយ", "វាល", "វារៈ"),
    "ប្តូរ": ("ផ្លាស់ប្តូរ",),
    "គេ": ("គេហទំព័រ", "មុនគេ"),
}
"""Other words that only hold the letters of a forbidden one."""

EXCEPTIONS = {
    ("held (custody or detention, not said which)", "victim_status:held_trial"): (
        "on trial somebody is held by a court, which this word says"
    ),
    ("bail (money)", "A deposit or bail that should come back"): "a deposit is named, too",
    ("grant (of a donor)", "This grant is for other types of support."): "support is named, too",
    ("expropriation (by law)", "incident_type:land_seizure"): "land is taken without law, too",
    ("decision (of any body)", "Standing in"): "the deciding, not what was decided",
    (
        "detention (by a court)",
        (
            "Whose custody, detention or sentence reaches its limit by 24:00. "
            "Nobody at liberty, in hiding or under a warrant is ever on it."
        ),
    ): "custody is named, too",
    ("case", "A proceeding is to concern a further case"): "the file of a court is named, too",
    (
        "case",
        "It must concern every case that this one concerns.",
    ): "the file of a court is named, too",
    (
        "case",
        (
            "It waits for a second person: those who read that case would read this "
            "proceeding. A director of this case decides."
        ),
    ): "the file of a court is named, too",
    (
        "case",
        "Let those who read another case read a proceeding",
    ): "the file of a court is named, too",
    (
        "case",
        ("That proceeding does not concern every case of this one. Tie it to them first."),
    ): "the file of a court is named, too",
    (
        "case",
        (
            "Whoever can open that case reads this proceeding from then on. Of its people "
            "each reader sees those of the cases they can open. Where that lets anybody new "
            "read it, a director of this case confirms it first."
        ),
    ): "the file of a court is named, too",
    ("case", "request_kind:file_copy"): "the file of a court",
    ("alleged perpetrator", "provision:kh_cc_221"): "the title of an article of law",
    ("complaint (about the organisation, money)", "provision:kh_cc_527"): "as the article says",
    ("search", "court_order:search"): "of a house, by order",
    ("investigation (police, prosecutor)", "proceeding_stage:investigation"): "by a judge",
    ("unknown (fact)", "Somebody unknown"): "of a person",
    ("unknown (fact)", "perpetrator_type:unknown"): "of a person",
    ("unknown (fact)", "perpetrator_type:online"): "of who is behind an account",
    (
        "unknown (fact)",
        "Is this a name or a sex? Write the name, then the sex; or “unknown man”.",
    ): "of a person",
}
"""Sentences and labels where the word is right, by term and message, and why."""

UNSETTLED = {
    "corroborated": "whether the grade of evidence needs another phrase",
    "add (to what is there)": "one word for adding and for logging, or two",
    "liquidation of an advance, acquittal of a payment": "the accountants’ word",
    "trial balance": "the accountants’ word",
}
"""Terms on which a native speaker, a lawyer or an accountant is still asked (khmer-review.md)."""


@dataclass(frozen=True)
class Forbidden:
    """A Khmer word that must not stand for a term, and the right words that hold its letters."""

    term: str
    variant: str
    everywhere: bool
    longer: tuple[str, ...]

    def names(self, english: str) -> bool:
        """Tell whether the English is about the term."""
        head = re.split(r"[(,/]", self.term.removeprefix("to "))[0].strip()
        pattern = NAMED_BY.get(self.term, rf"\b{re.escape(head)}(?:s|es)?\b")
        return re.search(pattern, english, re.IGNORECASE) is not None

    def stands_in(self, text: str) -> bool:
        """Tell whether the word stands in Khmer text as a word: whole clusters, none longer."""
        for word in self.longer:
            text = text.replace(word, "\n")
        whole = rf"(?<!\u17d2){re.escape(self.variant)}(?![\u17b4-\u17d3\u17dd])"
        return re.search(whole, text) is not None


@dataclass(frozen=True)
class Saying:
    """What a page or a list says: the key of the message, its English and its Khmer."""

    key: str
    english: str
    khmer: str


@cache
def forbidden_words() -> tuple[Forbidden, ...]:
    """Return the forbidden words of the termbase; without it skip the test, and with CI fail."""
    with shared("khmer/terms.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    right = {word for row in rows for word in re.split(r", | / ", row["Khmer term"])}
    return tuple(
        Forbidden(
            row["English term"],
            variant,
            everywhere=not (note or variant in right or variant in ORDINARY),
            longer=_longer(variant, right),
        )
        for row in rows
        for variant, note in VARIANT.findall(row["forbidden variants"])
    )


def _longer(variant: str, right: set[str]) -> tuple[str, ...]:
    words = {word for word in right if variant in word and word != variant}
    return tuple(sorted(words | set(LONGER.get(variant, ())), key=len, reverse=True))


def sayings() -> Iterator[Saying]:
    """Give every sentence of the pages and every label of the lists."""
    for key, text in khmer().items():
        yield Saying(key, key, text)
    for name in LISTS:
        if name not in PLACES:
            for row in read_list(name):
                yield Saying(f"{name}:{row.code}", row.label_en, row.label_km)


def faults(of: list[Saying], excepted: Mapping[tuple[str, str], str]) -> set[tuple[str, str, str]]:
    """Return term, message and forbidden word, wherever one stands for the term."""
    return {
        (word.term, saying.key, word.variant)
        for word in forbidden_words()
        for saying in of
        if (word.everywhere or word.names(saying.english))
        and (word.term, saying.key) not in excepted
        and word.stands_in(saying.khmer)
    }
