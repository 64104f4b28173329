"""The letter that stands for somebody in a case, in the script of whoever reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KHMER_LETTERS = "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអ"


@dataclass(frozen=True)
class Letters:
    """Several people of a case in a sentence, by their letters."""

    kept: Sequence[str]

    def __str__(self) -> str:
        """Return them as they are kept."""
        return self.said("en")

    def said(self, language: str) -> str:
        """Return them in the script of a language: "A., C."."""
        return ", ".join(f"{say_letter(letter, language)}." for letter in self.kept)


def letter(position: int, alphabet: str = ALPHABET) -> str:
    """Return the letter that stands for whoever was named at this position: A to Z, AA, AB."""
    if position < len(alphabet):
        return alphabet[position]
    before, place = divmod(position, len(alphabet))
    return letter(before - 1, alphabet) + alphabet[place]


def say_letter(kept: str, language: str) -> str:
    """Return a letter that is kept in the script of a language: "A", "ក"."""
    if language != "km" or not kept or set(kept) - set(ALPHABET):
        return kept
    place = 0
    for sign in kept:
        place = place * len(ALPHABET) + ALPHABET.index(sign) + 1
    return letter(place - 1, KHMER_LETTERS)
