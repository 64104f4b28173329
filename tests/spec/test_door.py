"""Nothing changes but through the door."""

import contextlib
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm.exc import StaleDataError

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Office, Organisation, Submission, User
from hrdtracker.audit import chain, trail
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.audit.receipts import SentAgain
from hrdtracker.authorised import authorised, carry_out, flush_deferred
from hrdtracker.core.db import WAIT_S, begin_write, session
from hrdtracker.core.errors import NotAllowed, NotFound, Overtaken
from hrdtracker.core.sending import Sending
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


class Unlucky(Exception):
    """What goes wrong in the middle of an act."""


def test_a_change_outside_the_door_is_refused() -> None:
    make.office(make.HERE).name_en = "Elsewhere"
    with pytest.raises(trail.Unsigned):
        session().flush()


def test_a_bulk_write_is_refused_even_inside_the_door() -> None:
    organisation = make.organisation()
    with (
        pytest.raises(trail.Unsigned),
        authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation),
    ):
        session().execute(update(Office).values(name_en="Elsewhere"))


def test_a_statement_that_writes_is_refused_outside_the_door() -> None:
    with pytest.raises(trail.Unsigned):
        session().connection().execute(delete(Office.__table__))  # type: ignore[arg-type]


def test_the_trail_is_only_ever_added_to() -> None:
    organisation = make.organisation()
    with (
        pytest.raises(trail.Unsigned),
        authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation),
        trail.writing(),
    ):
        session().connection().execute(delete(AuditEntry.__table__))  # type: ignore[arg-type]


def test_a_change_through_the_door_is_kept_and_stands_on_the_trail() -> None:
    organisation = make.organisation()
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation):
        organisation.product = "Notes"
    session().expire_all()
    assert make.organisation().product == "Notes"
    entry = _last()
    assert (entry.action, entry.outcome) == ("settings.change", "done")
    assert b'"product":["Daybook","Notes"]' in entry.payload


def test_what_the_policy_refuses_is_not_kept_and_the_refusal_stands_on_the_trail() -> None:
    organisation = make.organisation()
    with (
        pytest.raises(NotAllowed),
        authorised(make.actor("monitor"), Action.SETTINGS_CHANGE, on=organisation),
    ):
        organisation.product = "Notes"
    session().expire_all()
    assert make.organisation().product == "Daybook"
    assert (_last().action, _last().outcome) == ("settings.change", Outcome.REFUSED)


def test_a_fault_inside_the_door_leaves_nothing_behind() -> None:
    organisation, before = make.organisation(), _count()
    with pytest.raises(ZeroDivisionError):
        _change_and_break(organisation)
    session().expire_all()
    assert make.organisation().product == "Daybook"
    assert _count() == before


def _change_and_break(organisation: Organisation) -> None:
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation):
        organisation.product = "Notes"
        session().flush()
        raise ZeroDivisionError


def test_a_door_inside_a_door_signs_its_own_part_of_one_transaction() -> None:
    organisation, office = make.organisation(), make.office(make.HERE)
    admin, before = make.actor("admin"), _count()
    with authorised(admin, Action.SETTINGS_CHANGE, on=organisation):
        organisation.product = "Notes"
        with authorised(admin, Action.OFFICE_CHANGE, on=office):
            office.name_en = "Capital"
    entries = list(session().scalars(select(AuditEntry).order_by(AuditEntry.seq)))[before:]
    assert [entry.action for entry in entries] == ["office.change", "settings.change"]
    assert b"Capital" in entries[0].payload
    assert b"Capital" not in entries[1].payload


def test_inside_an_open_door_another_act_is_asked_about_as_well() -> None:
    organisation, office, before = make.organisation(), make.office(make.HERE), _count()
    with (
        pytest.raises(NotAllowed),
        authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation),
        authorised(make.actor("monitor"), Action.OFFICE_CHANGE, on=office),
    ):
        office.name_en = "Elsewhere"
    assert make.office(make.HERE).name_en != "Elsewhere"
    refused = list(session().scalars(select(AuditEntry).order_by(AuditEntry.seq)))[before:]
    assert [(entry.action, entry.outcome) for entry in refused] == [
        ("settings.change", Outcome.REFUSED)
    ]


def test_an_act_that_answers_a_form_and_does_not_say_what_it_made_is_refused() -> None:
    organisation = make.organisation()
    with (
        pytest.raises(LookupError),
        authorised(
            make.actor("admin"),
            Action.OFFICE_CHANGE,
            within=organisation,
            sending=Sending(uuid4()),
        ),
    ):
        pass
    assert session().scalars(select(Submission)).all() == []


def test_so_it_is_with_a_form_that_is_answered_inside_an_open_door() -> None:
    admin, organisation, sending = make.actor("admin"), make.organisation(), Sending(uuid4())
    with (
        pytest.raises(LookupError),
        authorised(admin, Action.SETTINGS_CHANGE, on=organisation),
        authorised(admin, Action.OFFICE_CHANGE, within=organisation, sending=sending),
    ):
        pass
    assert session().scalars(select(Submission)).all() == []


def test_what_an_act_changes_is_read_anew() -> None:
    office = make.office(make.HERE)
    name = office.name_en
    office.__dict__["name_en"] = "As it was read long ago"
    with authorised(make.actor("admin"), Action.OFFICE_CHANGE, on=office):
        assert office.name_en == name


def test_an_act_that_is_refused_leaves_no_receipt() -> None:
    organisation, sending = make.organisation(), Sending(uuid4(), "typed")
    with (
        pytest.raises(NotAllowed),
        authorised(
            make.actor("monitor"), Action.OFFICE_CHANGE, within=organisation, sending=sending
        ),
    ):
        pass
    assert session().scalars(select(Submission)).all() == []


@pytest.mark.parametrize("inside", [False, True])
def test_a_form_that_was_answered_is_not_answered_again(inside: bool) -> None:  # noqa: FBT001
    admin, office, sending = make.actor("admin"), make.office(make.HERE), Sending(uuid4(), "typed")

    def act() -> None:
        with authorised(admin, Action.OFFICE_CHANGE, on=office, sending=sending) as signature:
            signature.about(office)
            office.name_en += "!"

    act()
    around = authorised(admin, Action.SETTINGS_CHANGE, on=make.organisation())
    with pytest.raises(SentAgain), around if inside else contextlib.nullcontext():
        act()
    session().expire_all()
    assert make.office(make.HERE).name_en.count("!") == 1


def test_what_fails_otherwise_than_by_a_lost_race_is_done_once() -> None:
    begun: list[int] = []

    def act() -> None:
        begun.append(len(begun))
        raise Unlucky

    with pytest.raises(Unlucky):
        carry_out(act)
    assert begun == [0]


def test_an_act_that_lost_a_race_is_done_again_and_forgets_what_it_held() -> None:
    held: list[bool] = []

    def act() -> str:
        held.append(bool(session().dirty))
        if len(held) == 1:
            make.office(make.HERE).name_en = "Of the first attempt"
            raise Overtaken
        return make.office(make.HERE).name_en

    assert carry_out(act) == "Phnom Penh"
    assert held == [False, False]


def test_once_something_was_committed_nothing_is_done_again() -> None:
    begun: list[int] = []

    def act() -> None:
        begun.append(len(begun))
        with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
            pass
        raise Overtaken

    with pytest.raises(Overtaken):
        carry_out(act)
    assert begun == [0]


def test_a_row_that_somebody_else_changed_meanwhile_is_a_lost_race() -> None:
    admin, organisation = make.actor("admin"), make.organisation()
    with pytest.raises(Overtaken), authorised(admin, Action.SETTINGS_CHANGE, on=organisation):
        raise StaleDataError


def test_who_asks_for_what_they_may_not_see_stands_on_the_trail() -> None:
    monitor, before = make.actor("monitor"), _count()
    hidden = make.user("far_director").uid
    with pytest.raises(NotFound):
        policy.fetch(monitor, Action.USER_LOCK, User, hidden)
    assert _count() == before
    flush_deferred()
    entry = _last()
    assert (entry.action, entry.outcome, entry.subject_uid) == (
        "user.lock",
        Outcome.REFUSED,
        hidden,
    )


def test_a_role_that_is_sealed_stays_sealed_on_the_trail() -> None:
    make.user("monitor")
    payloads = b"".join(session().scalars(select(AuditEntry.payload)))
    assert b"Far Director" not in payloads
    assert b'"label_sealed":[null,{"sealed":' in payloads


def test_the_chain_of_the_trail_holds() -> None:
    verdict = chain.verify()
    assert verdict.holds
    assert verdict.entries == _count() > 20


def _last() -> AuditEntry:
    return session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


def _count() -> int:
    return session().scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.engines("sqlite")
def test_writers_take_turns_and_one_who_fails_gives_the_turn_back(app: Flask) -> None:
    inside, done = Event(), Event()

    def write(*, fail: bool) -> None:
        with app.app_context(), contextlib.closing(make.open_session(app)) as opened:
            begin_write(opened)
            if fail:
                inside.set()
                done.wait(WAIT_S)
                raise Unlucky

    with ThreadPoolExecutor() as pool:
        first = pool.submit(write, fail=True)
        assert inside.wait(WAIT_S)
        others = [pool.submit(write, fail=False) for _ in range(3)]
        assert wait(others, timeout=0.2).done == set()
        done.set()
        assert isinstance(first.exception(), Unlucky)
        assert [each.exception() for each in others] == [None] * 3
