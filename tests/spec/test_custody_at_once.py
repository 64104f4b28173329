"""Two people say at once what became of the same people: it happened once, by one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.authorised import carry_out
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay
from hrdtracker.custody.people import people_in
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make
from tests.web.somebody import in_unit

PEOPLE = tuple(Victim(described=PersonDraft((NameDraft(f"Demo {n}"),))) for n in range(3))


def _taken() -> UUID:
    return make.case_of(make.incident(victims=PEOPLE)).uid


def _case(uid: UUID) -> Case:
    return session().scalars(select(Case).where(Case.uid == uid)).one()


def _at_once(app: Flask, *doers: Callable[[], object]) -> list[str]:
    """Do several things at the same moment, each as a request of its own; return how each ended."""
    ready = Barrier(len(doers))

    def one(do: Callable[[], object]) -> str:
        with app.app_context(), unit_of_work(make.open_session(app)):
            ready.wait()
            try:
                carry_out(do)
            except (NotFound, Refused, WrongStatus) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(doers)) as pool:
        return sorted(pool.map(one, doers))


def _ends(uid: UUID, login: str, end_kind: str) -> Callable[[], object]:
    def do() -> object:
        case = _case(uid)
        stays = tuple(row.uid for row in people_in(case.scope_id))
        now = When.minute(clock.now(), make.ZONE)
        draft = ManyDraft(CustodyEvent.ENDED, now, stays, end_kind=end_kind)
        return service.record(make.actor(login), case, draft)

    return do


def _undoes(uid: UUID, login: str) -> Callable[[], object]:
    def do() -> object:
        query = select(CustodyAct.uid).order_by(CustodyAct.id.desc()).limit(1)
        return service.undo(make.actor(login), _case(uid), session().scalars(query).one())

    return do


def _counts() -> tuple[int, int]:
    ended = select(func.count()).where(Stay.end_kind.is_not(None), Stay.standing == "told")
    return session().scalar(select(func.count(CustodyAct.id))) or 0, session().scalar(ended) or 0


def test_two_who_end_the_same_stays_at_once_are_one_end_and_one_refusal(app: Flask) -> None:
    uid = in_unit(app, _taken)
    doers = (_ends(uid, "monitor", "released"), _ends(uid, "director", "acquitted"))
    assert _at_once(app, *doers) == ["Refused", "done"]
    assert in_unit(app, _counts) == (1, 3)


def test_two_who_take_the_same_back_at_once_do_so_once(app: Flask) -> None:
    uid = in_unit(app, _taken)
    in_unit(app, _ends(uid, "monitor", "released"))
    how = _at_once(app, _undoes(uid, "monitor"), _undoes(uid, "director"))
    assert how.count("done") == 1
    assert in_unit(app, _counts)[1] == 0


def test_an_end_and_its_undoing_at_once_leave_everybody_in_one_state(app: Flask) -> None:
    uid = in_unit(app, _taken)
    in_unit(app, _ends(uid, "monitor", "released"))
    _at_once(app, _undoes(uid, "director"), _ends(uid, "monitor", "acquitted"))

    def stays() -> set[int]:
        query = select(func.count()).where(Stay.standing == "told").group_by(Stay.person_id)
        return set(session().scalars(query))

    assert in_unit(app, stays) == {1}


@pytest.mark.parametrize("login", ["stranger", "nobody", "fund", "auditor"])
def test_nobody_takes_back_what_happened_in_a_case_they_may_not_open(
    app: Flask, login: str
) -> None:
    uid = in_unit(app, _taken)
    in_unit(app, _ends(uid, "monitor", "released"))
    with pytest.raises(NotAllowed):
        in_unit(app, _undoes(uid, login))
