"""Somebody arrested, detained, charged and judged, for tests of the limits that courts set."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.judgments import Sentence
from hrdtracker.proceedings.model import LegalTitle, Proceeding, TitleKind
from tests import courts, make
from tests.clocks import ARRIVED, adult, arrested, arrive

ORDERED = ARRIVED + timedelta(days=2)
JUDGED = ARRIVED + timedelta(days=100)
YEAR, HALF_A_YEAR = Length(12), Length(6)


def at(moment: datetime) -> When:
    return When.minute(moment, make.ZONE)


def months(moment: datetime, count: int) -> datetime:
    """Return the same clock time so many months later; no day of these tests is beyond the 28th."""
    month = moment.month - 1 + count
    return moment.replace(year=moment.year + month // 12, month=month % 12 + 1)


def tried(**said: Any) -> Proceeding:
    """Return the proceeding against an adult who was arrested, detained and charged."""
    incident = arrested(adult())
    arrive(incident)
    case = make.case_of(incident)
    proceeding = courts.opened(case)
    detained(case, proceeding)
    courts.charged(proceeding, qualification=courts.FELONY, charged=at(ORDERED), **said)
    return proceeding


def detained(case: Case, proceeding: Proceeding | None = None, **changes: Any) -> LegalTitle:
    values = {
        "kind": TitleKind.PRETRIAL_DETENTION,
        "began": at(ORDERED),
        "proceeding": proceeding.uid if proceeding else None,
        **changes,
    }
    return courts.held(case, **values)


def judged(proceeding: Proceeding, **changes: Any) -> Any:
    return courts.judged(proceeding, **{"pronounced": at(JUDGED), **changes})


def sentenced(proceeding: Proceeding, **sentence: Any) -> Any:
    return judged(proceeding, sentence=Sentence(**{"prison": YEAR, **sentence}))


def limits(name: str) -> list[Clock]:
    session().expire_all()
    return list(session().scalars(select(Clock).where(Clock.clock == name).order_by(Clock.id)))


def ends(name: str) -> tuple[datetime | None, datetime | None]:
    (found,) = limits(name)
    return found.ends_earliest, found.ends_latest


def second(case: Case, **changes: Any) -> Proceeding:
    """Return a second proceeding against everybody of a case, for a misdemeanour."""
    proceeding = courts.opened(case)
    values = {"qualification": courts.INCITEMENT, "charged": at(ORDERED), **changes}
    courts.charged(proceeding, **values)
    return proceeding
