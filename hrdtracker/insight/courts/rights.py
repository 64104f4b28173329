"""Rights that a person found in question at hearings, narrowed as the other figures are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrdtracker.access.actor import Actor
from hrdtracker.core.db import session
from hrdtracker.insight.courts.counting import (
    CourtFilter,
    certainly_within,
    visible,
)
from hrdtracker.proceedings.model import ProceedingScope
from hrdtracker.proceedings.reading.confirmed_rights import (
    ConfirmedAnswer,
    ConfirmedRight,
    confirmed_answers,
    counted_rights,
)


@dataclass(frozen=True)
class RightsFigures:
    """The answers by which a person said that a right is in question, of some time and cases."""

    answers: Sequence[ConfirmedAnswer]

    @property
    def counted(self) -> Sequence[ConfirmedRight]:
        """How often, by right, court and year."""
        return counted_rights(self.answers)

    def by_right(self) -> Mapping[str, Sequence[ConfirmedAnswer]]:
        """Return the answers by right, that of most hearings first."""
        found = defaultdict[str, list[ConfirmedAnswer]](list)
        for each in self.answers:
            found[each.right].append(each)
        return dict(sorted(found.items(), key=lambda item: (-hearings_of(item[1]), item[0])))


def hearings_of(answers: Sequence[ConfirmedAnswer]) -> int:
    """Return at how many hearings something was found; what two observers found counts once."""
    return len({each.hearing.id for each in answers})


def rights_figures(actor: Actor, chosen: CourtFilter) -> RightsFigures:
    """Return which rights were found in question at hearings that the actor may know of.

    Three statements, and one more where cases are narrowed. A hearing counts in a time in which
    it certainly was.
    """
    answers = confirmed_answers(actor)
    if chosen.of_cases is not None:
        here = visible(actor, ProceedingScope, chosen)
        some = set(session().scalars(here.with_only_columns(ProceedingScope.proceeding_id)))
        answers = [each for each in answers if each.hearing.proceeding_id in some]
    if chosen.start or chosen.end:
        answers = [
            each
            for each in answers
            if certainly_within(
                each.hearing.day.earliest, each.hearing.day.latest, chosen.start, chosen.end
            )
        ]
    return RightsFigures(answers)
