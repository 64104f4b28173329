"""What was done for whoever is held: family informed, reasons told, lawyer, doctor; each when."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.when.model import IN_FUTURE, When, is_before
from hrdtracker.custody.drafts import StepsDraft
from hrdtracker.custody.model import CustodyStep, Stay, StayStanding, StayStep
from hrdtracker.custody.people import GONE, people_in
from hrdtracker.custody.service import TRANSFERRED
from hrdtracker.people.letters import Letters

TOO_EARLY = N_("%(letters)s: this is before they arrived. Change the day, or untick them.")
TOO_LATE = N_("%(letters)s: they were held no more then. Change the day, or untick them.")


@dataclass
class TimeInCustody:
    """One time in custody, through every transfer: since when, until when, what was done."""

    arrived: When | None
    ended: When | None = None
    steps: dict[CustodyStep, StayStep] = field(default_factory=dict)


def times_in_custody(scope_id: int) -> Mapping[int, TimeInCustody]:
    """Return the times in custody of a case by the number of each stay; in one statement.

    Whoever is moved goes on in the same one.
    """
    query = (
        select(Stay, StayStep)
        .outerjoin(StayStep, StayStep.stay_id == Stay.id)
        .where(Stay.scope_id == scope_id, Stay.standing == StayStanding.TOLD)
        .order_by(Stay.id, StayStep.id)
    )
    found: dict[int, TimeInCustody] = {}
    moved: dict[int | None, TimeInCustody] = {}
    for stay, step in session().execute(query):
        if stay.id not in found:
            time = moved.get(stay.follows_id) or TimeInCustody(Stay.began.plain(stay))
            time.ended = Stay.ended.plain(stay)
            if stay.end_kind == TRANSFERRED:
                moved[stay.id] = time
            found[stay.id] = time
        if step is not None:
            found[stay.id].steps.setdefault(CustodyStep(step.kind), step)
    return found


@idempotent
def record_steps(actor: Actor, case: Case, draft: StepsDraft) -> StayStep:
    """Say what was done for several people, and when; said again of the same, it is corrected.

    Return the first that is recorded. Raises Refused beside the day that cannot be.
    """
    check_terms({"known_by": ("how_known", draft.known_by)})
    with authorised(actor, Action.CASE_EXTEND, on=case, sending=draft.sending) as signature:
        people = _chosen(case, draft)
        times = times_in_custody(case.scope_id)
        _check_days(draft, people, times)
        rows = [
            _say(actor, stay, kind, draft, times[stay.id].steps.get(kind))
            for stay, _ in people
            for kind in draft.steps
        ]
        session().flush()
        case.changed_at = clock.now()
        signature.made = rows[0]
    return rows[0]


def _chosen(case: Case, draft: StepsDraft) -> list[tuple[Stay, str]]:
    """Return where those are who were chosen, each with their letter; raises Refused."""
    known = {row.stay.uid: (row.stay, row.letter) for row in people_in(case.scope_id) if row.stay}
    if set(draft.stays) - known.keys():
        raise Refused({"stays": GONE})
    return [known[uid] for uid in dict.fromkeys(draft.stays)]


def _check_days(
    draft: StepsDraft, people: list[tuple[Stay, str]], times: Mapping[int, TimeInCustody]
) -> None:
    reasons: dict[str, Message | str] = {}
    for kind, when in draft.steps.items():
        held = [(letter, times[stay.id]) for stay, letter in people]
        early = [letter for letter, time in held if is_before(when, time.arrived)]
        late = [letter for letter, time in held if is_before(time.ended, when)]
        if when.earliest is not None and when.earliest > clock.now():
            reasons[kind] = IN_FUTURE
        elif early:
            reasons[kind] = Message(TOO_EARLY, {"letters": _letters(early)})
        elif late:
            reasons[kind] = Message(TOO_LATE, {"letters": _letters(late)})
    if reasons:
        raise Refused(reasons)


def _letters(letters: list[str]) -> Letters:
    return Letters(letter or "?" for letter in letters)


def _say(
    actor: Actor, stay: Stay, kind: CustodyStep, draft: StepsDraft, before: StayStep | None
) -> StayStep:
    row = before or StayStep(
        scope_id=stay.scope_id,
        data_key_id=stay.data_key_id,
        stay_id=stay.id,
        kind=kind,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
    row.happened, row.known_by = draft.steps[kind], draft.known_by
    session().add(row)
    return row


# When a stay changes ------------------------------------------------------------------------------


def hand_over(instead: Mapping[int, Stay]) -> None:
    """Let what was done be said of the stays that stand `instead` of others, by their numbers.

    Inside an open door.
    """
    for step in session().scalars(select(StayStep).where(StayStep.stay_id.in_(instead))):
        step.stay_id = instead[step.stay_id].id


def take_along(parts: Mapping[int, Stay]) -> None:
    """Let what was done for a group be said of those, too, who are taken out of one of its stays.

    `parts` are their own stays, by the number of that of the group. Inside an open door.
    """
    query = select(StayStep).where(StayStep.stay_id.in_(parts)).order_by(StayStep.id)
    add_all([_like(step, parts[step.stay_id]) for step in session().scalars(query)])


def _like(step: StayStep, part: Stay) -> StayStep:
    return StayStep(
        scope_id=part.scope_id,
        data_key_id=part.data_key_id,
        stay_id=part.id,
        kind=step.kind,
        happened=step.happened,
        known_by=step.known_by,
        recorded_by_id=step.recorded_by_id,
        recorded_at=clock.now(),
    )
