"""A database that is older than the heads kept elsewhere stands still until two have said why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import ANY

import pytest
import time_machine
from flask import Flask

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator, worker
from hrdtracker.access.model import UserState
from hrdtracker.audit.checkpoint import Head
from hrdtracker.authorised import authorised
from hrdtracker.backups import epoch, older
from hrdtracker.backups.heads import ChainHeads, holds, keep_heads, kept_heads, present_heads
from hrdtracker.backups.model import OlderReason
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import AtStandstill, WrongStatus
from hrdtracker.core.standstill import standstill
from hrdtracker.jobs.handlers import HANDLERS
from hrdtracker.jobs.thread import worker_of
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.queries import unseen
from tests import make

WHY = OlderReason.RESTORED
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def moving(unit: object) -> Iterator[None]:
    """Let nothing stand still after a test."""
    present = standstill()
    yield
    present.begin(None, lambda: False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that keeps the heads of a trail that is longer than ours."""
    ours = present_heads()
    ahead = Head(ours.trail.seq + 7, b"\7" * 32)
    keep_heads(tmp_path, replace(ours, at=clock.now() - timedelta(minutes=1), trail=ahead))
    return tmp_path


def _act() -> None:
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()) as signed:
        assert signed.action == Action.SETTINGS_CHANGE


def _explain(*logins: str) -> None:
    for login in logins:
        older.explain(make.actor(login), make.organisation(), WHY)


def _export(folder: Path) -> None:
    organisation = make.organisation()
    older.export_heads(worker(organisation.id), organisation, folder)


def test_heads_that_are_kept_are_read_again(tmp_path: Path) -> None:
    heads = present_heads()
    keep_heads(tmp_path, heads)
    assert kept_heads(tmp_path) == heads
    assert holds(heads)
    [file] = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_heads_that_this_key_did_not_sign_count_for_nothing(folder: Path) -> None:
    [file] = folder.iterdir()
    text = file.read_text("ascii")
    file.write_text(text.replace("at 20", "at 21", 1), "ascii")
    assert kept_heads(folder) is None
    assert not older.stand_still_where_older(folder)


def test_the_present_database_does_not_stand_still(tmp_path: Path) -> None:
    keep_heads(tmp_path, present_heads())
    _act()
    assert not older.stand_still_where_older(tmp_path)
    _act()


def test_an_older_database_does_nothing_until_two_people_have_said_why(folder: Path) -> None:
    assert older.stand_still_where_older(folder)
    with pytest.raises(AtStandstill):
        _act()
    _explain("admin")
    with pytest.raises(AtStandstill):
        _act()
    _explain("director")
    _act()
    assert not older.stand_still_where_older(folder)


@pytest.mark.engines("sqlite")
def test_no_job_is_done_meanwhile(folder: Path, app: Flask, given: Settings) -> None:
    older.stand_still_where_older(folder)
    at_work = worker_of(app, given, dict.fromkeys(HANDLERS, lambda *_: None))
    in_two_days = clock.now() + timedelta(days=2)
    assert not at_work.work_once()
    with time_machine.travel(in_two_days, tick=False):
        assert not at_work.work_once()
    standstill().begin(None, lambda: False)
    assert not at_work.work_once()
    with time_machine.travel(in_two_days, tick=False):
        assert at_work.work_once()


def test_readings_that_are_missing_are_noticed_as_well(tmp_path: Path) -> None:
    heads = present_heads()
    keep_heads(tmp_path, replace(heads, readings=Head(heads.readings.seq + 1, b"\1" * 32)))
    assert older.stand_still_where_older(tmp_path)


def test_nobody_says_it_twice(folder: Path) -> None:
    older.stand_still_where_older(folder)
    _explain("admin")
    with pytest.raises(WrongStatus):
        _explain("admin")


@pytest.mark.engines("sqlite")
def test_nobody_says_why_where_nothing_is_missing() -> None:
    with pytest.raises(WrongStatus):
        _explain("admin")


@pytest.mark.engines("sqlite")
def test_what_was_said_of_other_heads_counts_for_nothing(folder: Path) -> None:
    older.stand_still_where_older(folder)
    _explain("admin", "director")
    ours = present_heads()
    keep_heads(folder, replace(ours, trail=Head(ours.trail.seq + 1, b"\1" * 32)))
    assert older.stand_still_where_older(folder)
    assert _said_by() == set()


@pytest.mark.engines("sqlite")
def test_it_is_said_where_the_database_ended_whoever_has_signed_in_since() -> None:
    heads = present_heads()
    ahead = replace(heads, trail=Head(heads.trail.seq + 7, b"\7" * 32))
    for at, seq in [(heads.at, heads.trail.seq), (datetime(2020, 1, 1, tzinfo=UTC), 0)]:
        standstill().begin(replace(ahead, at=at), lambda: True)
        if seq:
            _explain("admin")
        present = older.present_standstill()
        assert present
        assert present.ends.seq == seq


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("restored", "since", "counts"),
    [(True, True, True), (True, False, False), (False, True, False)],
    ids=["a restore since", "a restore before", "a first start"],
)
def test_a_restore_since_is_the_first_word(
    folder: Path, *, restored: bool, since: bool, counts: bool
) -> None:
    by_hand = operator(make.organisation().id)
    with time_machine.travel(clock.now() + (timedelta(0) if since else -HOUR), tick=False):
        epoch.bind(by_hand)
        if restored:
            epoch.begin_anew(by_hand, clock.now(), 5)
    older.stand_still_where_older(folder)
    assert _said_by() == ({None} if counts else set())
    _explain("director")
    assert standstill().is_on() != counts


def _said_by() -> set[int | None]:
    present = older.present_standstill()
    assert present
    return present.said_by


# Nobody else --------------------------------------------------------------------------------------


@pytest.fixture
def alone(folder: Path) -> None:
    """Let one person be left who can say why."""
    for login in ("admin2", "director", "director2", "far_director", "national"):
        make.bring(make.user(login), UserState.LOCKED)


def _restore() -> None:
    by_hand = operator(make.organisation().id)
    epoch.bind(by_hand)
    epoch.begin_anew(by_hand, clock.now(), 5)


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("restored", [False, True])
def test_the_operator_alone_waits_72_hours_where_nobody_else_can_say_it(
    folder: Path, *, restored: bool
) -> None:
    if restored:
        _restore()
        older.stand_still_where_older(folder)
        later = clock.now() + older.ALONE_AFTER
    else:
        later = _explain_at_the_machine(folder)
    with time_machine.travel(later - timedelta(minutes=1), tick=False):
        assert standstill().is_on()
    with time_machine.travel(later, tick=False):
        assert not standstill().is_on()


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("alone")
def test_no_time_is_enough_where_the_operator_has_said_nothing(folder: Path) -> None:
    older.stand_still_where_older(folder)
    _explain("admin")
    with time_machine.travel(clock.now() + 2 * older.ALONE_AFTER, tick=False):
        assert standstill().is_on()


def test_no_time_is_enough_where_others_can_say_it(folder: Path) -> None:
    later = _explain_at_the_machine(folder)
    with time_machine.travel(later, tick=False):
        assert standstill().is_on()


def _explain_at_the_machine(folder: Path) -> datetime:
    older.stand_still_where_older(folder)
    older.explain(operator(make.organisation().id), make.organisation(), WHY)
    return clock.now() + older.ALONE_AFTER


def test_the_worker_keeps_the_heads_and_overwrites_none_that_are_newer(
    tmp_path: Path, folder: Path
) -> None:
    before = kept_heads(folder)
    _export(folder)
    assert kept_heads(folder) == before
    assert standstill().is_on()


def test_heads_that_are_gone_are_told_to_administrators_and_lock_nobody_out(
    tmp_path: Path,
) -> None:
    _export(tmp_path)
    assert not _told()
    [file] = tmp_path.iterdir()
    file.unlink()
    _export(tmp_path)
    assert _told()
    assert kept_heads(tmp_path) is not None
    _act()


@pytest.mark.engines("sqlite")
def test_heads_are_kept_anew_once_there_is_more_and_not_before(tmp_path: Path) -> None:
    _export(tmp_path)
    _export(tmp_path)
    kept, entry = kept_heads(tmp_path), present_heads()
    _export(tmp_path)
    assert kept_heads(tmp_path) == kept
    assert present_heads().trail == entry.trail
    _act()
    _export(tmp_path)
    assert kept_heads(tmp_path) == replace(present_heads(), at=ANY)


def test_a_folder_that_is_away_fails_the_job_and_locks_nobody_out(tmp_path: Path) -> None:
    away = tmp_path / "away"
    assert not older.stand_still_where_older(away)
    with pytest.raises(FileNotFoundError):
        _export(away)


def test_what_is_mailed_holds_the_heads_and_nothing_else() -> None:
    heads = present_heads()
    assert ChainHeads.read(str(heads)) == heads
    assert len(str(heads).splitlines()) == 3


def _told() -> bool:
    session().expire_all()
    return any(told.kind == NoticeKind.HEADS_GONE for told in unseen(make.actor("admin")))
