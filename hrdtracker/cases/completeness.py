"""What a case still lacks: a list to work through, which blocks nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hrdtracker.core.errors import N_


class RecordKind(StrEnum):
    """What kind of record the missing thing belongs to."""

    CASE = "case"
    INCIDENT = "incident"
    PERSON = "person"


@dataclass(frozen=True)
class EventFacts:
    """What is known of one incident."""

    uid: UUID
    is_arrest: bool
    date: bool
    place: bool
    victims: bool
    source: bool
    perpetrator: bool
    lawyer: bool


@dataclass(frozen=True)
class VictimFacts:
    """What is known of one person or group, and of the arrest that is closest to them."""

    person: UUID
    letter: str
    is_group: bool
    age: bool
    sex: bool
    arrest: UUID | None = None
    arrived: bool = False
    place_held: bool = False
    fate: bool = False
    steps: frozenset[str] | None = None
    """What was done for somebody who is held; None for whoever is not."""


@dataclass(frozen=True)
class CaseFacts:
    """What is known of a case, in plain answers."""

    case: UUID
    is_open: bool
    areas: bool
    next_look: bool
    events: Sequence[EventFacts] = ()
    victims: Sequence[VictimFacts] = ()


@dataclass(frozen=True)
class Answer:
    """Whether one record says what a check asks; `letter` is the person it is about."""

    uid: UUID
    known: bool
    letter: str = ""


@dataclass(frozen=True)
class Check:
    """One question to a case. `what` may name people in its `%(who)s`; `field` is where to add."""

    what: str
    about: RecordKind
    field: str
    ask: Callable[[CaseFacts], Iterable[Answer]]


@dataclass(frozen=True)
class Gap:
    """Something missing, whom it is about, and the first record and field to add it to."""

    what: str
    letters: tuple[str, ...]
    about: RecordKind
    uid: UUID
    field: str


@dataclass(frozen=True)
class Completeness:
    """How much of what was asked is known, and what is not."""

    total: int
    gaps: tuple[Gap, ...]

    @property
    def known(self) -> int:
        """How many of the questions have their answer."""
        return self.total - len(self.gaps)


def _of_the_case(is_known: Callable[[CaseFacts], bool]) -> Callable[[CaseFacts], list[Answer]]:
    return lambda facts: [Answer(facts.case, is_known(facts))]


def _of_incidents(is_known: Callable[[EventFacts], bool]) -> Callable[[CaseFacts], list[Answer]]:
    return lambda facts: [Answer(event.uid, is_known(event)) for event in facts.events]


def _of_arrests(is_known: Callable[[EventFacts], bool]) -> Callable[[CaseFacts], list[Answer]]:
    return lambda facts: [
        Answer(event.uid, is_known(event)) for event in facts.events if event.is_arrest
    ]


def _of_people(is_known: Callable[[VictimFacts], bool]) -> Callable[[CaseFacts], list[Answer]]:
    return lambda facts: [
        Answer(victim.person, is_known(victim), victim.letter)
        for victim in facts.victims
        if not victim.is_group
    ]


def _of_arrested(is_known: Callable[[VictimFacts], bool]) -> Callable[[CaseFacts], list[Answer]]:
    return lambda facts: [
        Answer(victim.arrest, is_known(victim), victim.letter)
        for victim in facts.victims
        if victim.arrest is not None
    ]


def _of_held(step: str) -> Callable[[CaseFacts], list[Answer]]:
    """Ask of each person who is held whether something was done for them."""
    return lambda facts: [
        Answer(facts.case, step in victim.steps, victim.letter)
        for victim in facts.victims
        if victim.steps is not None
    ]


def _next_look(facts: CaseFacts) -> list[Answer]:
    """Ask only of an open case: a closed one need not be looked at again."""
    return [Answer(facts.case, facts.next_look)] if facts.is_open else []


CHECKS = (
    Check(N_("Thematic area"), RecordKind.CASE, "areas", _of_the_case(lambda case: case.areas)),
    Check(
        N_("When it happened"), RecordKind.INCIDENT, "when", _of_incidents(lambda event: event.date)
    ),
    Check(
        N_("Where it happened"),
        RecordKind.INCIDENT,
        "place",
        _of_incidents(lambda event: event.place),
    ),
    Check(
        N_("Who it was done to"),
        RecordKind.INCIDENT,
        "victims",
        _of_incidents(lambda event: event.victims),
    ),
    Check(
        N_("Who is alleged to have done it"),
        RecordKind.INCIDENT,
        "perpetrator",
        _of_incidents(lambda event: event.perpetrator),
    ),
    Check(
        N_("How we know"), RecordKind.INCIDENT, "source", _of_incidents(lambda event: event.source)
    ),
    Check(
        N_("Whether a lawyer knows"),
        RecordKind.INCIDENT,
        "lawyer",
        _of_arrests(lambda event: event.lawyer),
    ),
    Check(
        N_("When %(who)s arrived at the police unit"),
        RecordKind.INCIDENT,
        "custody",
        _of_arrested(lambda victim: victim.arrived),
    ),
    Check(
        N_("Place of custody of %(who)s"),
        RecordKind.INCIDENT,
        "custody",
        _of_arrested(lambda victim: victim.place_held),
    ),
    Check(
        N_("What became of %(who)s"),
        RecordKind.INCIDENT,
        "custody",
        _of_arrested(lambda victim: victim.fate),
    ),
    Check(
        N_("When the family of %(who)s learned of it"),
        RecordKind.CASE,
        "family_informed",
        _of_held("family_informed"),
    ),
    Check(
        N_("When %(who)s was told of the reasons"),
        RecordKind.CASE,
        "told_reasons",
        _of_held("told_reasons"),
    ),
    Check(
        N_("When %(who)s first saw a lawyer"),
        RecordKind.CASE,
        "lawyer_seen",
        _of_held("lawyer_seen"),
    ),
    Check(
        N_("When a doctor saw %(who)s"),
        RecordKind.CASE,
        "medical_visit",
        _of_held("medical_visit"),
    ),
    Check(N_("Age of %(who)s"), RecordKind.PERSON, "age", _of_people(lambda victim: victim.age)),
    Check(N_("Sex of %(who)s"), RecordKind.PERSON, "sex", _of_people(lambda victim: victim.sex)),
    Check(N_("When to look at it again"), RecordKind.CASE, "next_look_on", _next_look),
)


def completeness(facts: CaseFacts) -> Completeness:
    """Return what a case lacks. A check that nothing in the case is about does not count."""
    total, gaps = 0, []
    for check in CHECKS:
        answers = list(check.ask(facts))
        missing = [answer for answer in answers if not answer.known]
        total += bool(answers)
        if missing:
            letters = tuple(answer.letter for answer in missing if answer.letter)
            gaps.append(Gap(check.what, letters, check.about, missing[0].uid, check.field))
    return Completeness(total, tuple(gaps))
