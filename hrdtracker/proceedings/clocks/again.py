"""A limit that is kept, counted again at this moment, with all its steps."""

from hrdtracker.core import clock as hour
from hrdtracker.proceedings.clocks.known_facts import facts_of
from hrdtracker.proceedings.clocks.law import law
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.subjects import ClockSubject, subjects_of
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import Limit


def counted_again(kept: Clock) -> tuple[ClockSubject, Limit] | None:
    """Return whose a limit is and what it comes to now; None where it runs no more."""
    for subject in subjects_of({(kept.scope_id, kept.person_id)}):
        if (subject.stay_id, subject.proceeding_id) == (kept.stay_id, kept.proceeding_id):
            book = law(subject.organisation_id)
            counted = limit(kept.clock, facts_of(subject), book, hour.now())
            return (subject, counted) if counted is not None else None
    return None
