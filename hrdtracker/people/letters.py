"""The letters that stand for people in a case: kept in Latin, said in the reader's script."""

from collections.abc import Iterable
from typing import Self

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KHMER_LETTERS = "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអ"


class Letters(tuple[str, ...]):
    """Letters of people, the earliest first, for a sentence that its channel says."""

    __slots__ = ()

    def __new__(cls, letters: Iterable[str]) -> Self:
        return super().__new__(cls, sorted(letters, key=lambda kept: (len(kept), kept)))

    def __str__(self) -> str:
        return self.said("en")

    def said(self, language: str) -> str:
        """Return them as a list in one language: "A., B."."""
        return ", ".join(f"{say_letter(kept, language)}." for kept in self)


def letter(position: int, alphabet: str = ALPHABET) -> str:
    """Return the letter that stands for whoever was named at this position: A to Z, AA, AB."""
    if position < len(alphabet):
        return alphabet[position]
    before, place = divmod(position, len(alphabet))
    return letter(before - 1, alphabet) + alphabet[place]


def say_letter(kept: str, language: str) -> str:
    """Return a letter in the script of a language: "A", "ក"; what is no letter stays as it is."""
    if language != "km" or not kept or set(kept) - set(ALPHABET):
        return kept
    place = 0
    for sign in kept:
        place = place * len(ALPHABET) + ALPHABET.index(sign) + 1
    return letter(place - 1, KHMER_LETTERS)
