"""The invented data that every compared system is measured with: always the same, from one seed.

It draws in the same order as the generator that the other systems were fed from, so that each
record is the same as theirs; a test compares the two.
"""

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SEED = 42
VOCABULARY = 8000
ZIPF = 1.05
LABELS, SOURCES, LOCATIONS = 200, 100, 1010
PROVINCES, DISTRICTS = 10, 110
FIRST_DAY, LAST_DAY = date(2005, 1, 1), date(2026, 6, 30)
COMMON_WORDS = """
the of and in to was by on at a for from with that police officer officers arrested human
rights defender lawyer court hearing threat threats village community land office staff family
home night morning protest march peaceful report reported reporting official statement denied
released bail charge charges trial judge prosecutor military soldiers unit checkpoint road
vehicle searched seized phone computer documents meeting members union leader indigenous women
youth organisation activist activists environmental mining company security guards attack
attacked injured hospital wounds beaten interrogated questioned hours days weeks letter warning
surveillance online campaign smear media radio broadcast newspaper editor local national
government ministry interior governor mayor district province region border exile relocation
support emergency grant assistance embassy united nations special rapporteur communication
response deadline appeal sentence prison cell lawyer access denied visit relatives informed
unknown armed men motorcycle shots fired killed death burial investigation opened closed
pending impunity witness testimony evidence photo video verified source confidential urgent
action follow up recommendation network partner regional forum conference travel ban passport
confiscated airport
"""
COMMON = COMMON_WORDS.split()
PARTS = """
ka ra no ti ma sel vor bin dal er un os pri ten lu mi ga fo sha wi jen tor ba li que ne zo hu cra
pol
"""
SYLLABLES = tuple(PARTS.split())
OCCUPATIONS = (
    *("Lawyer", "Journalist", "Community leader", "Teacher"),
    *("Trade unionist", "Farmer", "Student", "Doctor"),
)
TAGS = ("urgent", "verified", "court", "land", "digital", "media")


@dataclass(frozen=True)
class Actor:
    """One invented person, as the compared systems record one."""

    id: int
    name: str
    sex: str
    age: str
    occupation: str
    location: int
    label: int
    comments: str
    bio: str
    day: date


@dataclass(frozen=True)
class Event:
    """One invented incident; `actors` are (person, role)."""

    id: int
    title: str
    text: str
    published: date
    documented: date
    first_day: date
    last_day: date
    type: int
    status: int
    link: str
    tags: tuple[str, ...]
    comments: str
    labels: tuple[int, ...]
    source: int
    locations: tuple[int, ...]
    actors: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class File:
    """One invented case: `events` and `actors` are those that the generator ties to it."""

    id: int
    title: str
    text: str
    status: int
    label: int
    location: int
    events: tuple[int, ...]
    actors: tuple[tuple[int, int], ...]


class Dataset:
    """The records of one size, in the order in which they are drawn: people, events, cases."""

    def __init__(self, events: int, actors: int) -> None:
        self.events_count, self.actors_count = events, actors
        self._random = Random(SEED)
        self.words = self._vocabulary()
        weights = (1 / (rank + 1) ** ZIPF for rank in range(len(self.words)))
        self._bounds = list(itertools.accumulate(weights))
        self.locations = self._locations()

    def actors(self) -> Iterator[Actor]:
        """Yield the people; must be exhausted before the events are drawn."""
        first = [word.title() for word in self.words[2000:2400]]
        last = [word.title() for word in self.words[2400:3200]]
        draw = self._random
        for number in range(1, self.actors_count + 1):
            name = " ".join((draw.choice(first), draw.choice(first), draw.choice(last)))
            sex, age = draw.choice(["Male", "Female"]), draw.choice(["Adult", "Minor"])
            occupation = draw.choice(OCCUPATIONS)
            location, label = draw.randint(1, LOCATIONS), draw.randint(1, LABELS)
            draw.randint(1, SOURCES)
            draw.randint(1, 12)
            comments, bio = self._text(8), self._text(40)
            yield Actor(
                number, name, sex, age, occupation, location, label, comments, bio, self._day()
            )

    def events(self) -> Iterator[Event]:
        """Yield the incidents; must be exhausted before the cases are drawn."""
        for number in range(1, self.events_count + 1):
            yield self._event(number)

    def files(self) -> Iterator[File]:
        """Yield the cases, one for ten incidents."""
        draw = self._random
        for number in range(1, self.events_count // 10 + 1):
            title, text = self._text(7).capitalize(), self._text(100)
            status = draw.randint(1, 12)
            self._text(6)
            label, location = draw.randint(1, LABELS), draw.randint(1, LOCATIONS)
            tied = tuple(draw.sample(range(1, self.events_count + 1), 3))
            yield File(number, title, text, status, label, location, tied, self._roles())

    def _event(self, number: int) -> Event:
        draw = self._random
        words = self._marked(number - 1, self._draw(draw.randint(80, 160)))
        first_day = self._day()
        published = first_day + timedelta(days=draw.randint(0, 60))
        title = self._text(draw.randint(6, 10)).capitalize()
        documented = published + timedelta(days=draw.randint(0, 30))
        last_day = first_day + timedelta(days=draw.choice([0, 0, 0, 1, 7, 30]))
        kind, status = draw.randint(1, 22), draw.randint(1, 12)
        tags = tuple(draw.sample(TAGS, draw.randint(0, 3)))
        comments = self._text(6)
        labels, source = tuple(draw.sample(range(1, LABELS + 1), 3)), draw.randint(1, SOURCES)
        locations = tuple(draw.sample(range(1, LOCATIONS + 1), draw.randint(1, 2)))
        actors = self._roles()
        if number > 10 and draw.random() < 0.3:
            draw.randint(1, number - 1)  # a tie between two incidents, which we do not have
        return Event(
            id=number,
            title=title,
            text=" ".join(words).capitalize() + ".",
            published=published,
            documented=documented,
            first_day=first_day,
            last_day=last_day,
            type=kind,
            status=status,
            link=f"https://example.org/report/{number}",
            tags=tags,
            comments=comments,
            labels=labels,
            source=source,
            locations=locations,
            actors=actors,
        )

    def _marked(self, place: int, words: list[str]) -> list[str]:
        """Put the words that searches look for into some of the texts."""
        for wanted, word in (
            (place % 10 < 3, "detention"),
            (place % 100 == 5, "journalist"),
            (place % 5000 == 77, "zephyrine"),
        ):
            if wanted:
                words.insert(self._random.randrange(len(words)), word)
        return words

    def _roles(self) -> tuple[tuple[int, int], ...]:
        chosen = self._random.sample(range(1, self.actors_count + 1), 2)
        return tuple((actor, self._random.randint(1, 6)) for actor in chosen)

    def _vocabulary(self) -> list[str]:
        words = list(dict.fromkeys(COMMON))
        seen = set(words)
        while len(words) < VOCABULARY:
            parts = range(self._random.randint(2, 4))
            word = "".join(self._random.choice(SYLLABLES) for _ in parts)
            if word not in seen and "detention" not in word:
                seen.add(word)
                words.append(word)
        return words

    def _locations(self) -> dict[int, tuple[str, int | None]]:
        """Return (name, the place above it) of each place."""
        places: dict[int, tuple[str, int | None]] = {}
        for number in range(1, LOCATIONS + 1):
            self._random.uniform(-30, 50)
            self._random.uniform(-80, 110)
            above = None
            if number > DISTRICTS:
                above = (number - 111) // 9 + 11
            elif number > PROVINCES:
                above = (number - 11) // 10 + 1
            places[number] = (self.words[900 + number].title(), above)
        return places

    def _draw(self, count: int) -> list[str]:
        bounds, words, total = self._bounds, self.words, self._bounds[-1]
        random = self._random.random
        return [words[bisect_left(bounds, random() * total)] for _ in range(count)]

    def _text(self, count: int) -> str:
        return " ".join(self._draw(count))

    def _day(self) -> date:
        ends = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
        return date.fromordinal(self._random.randint(*ends))
