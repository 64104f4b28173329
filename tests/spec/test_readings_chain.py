"""Who read what: nothing in the access log is altered unnoticed, however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.audit import access_log, queries, reading_chain
from hrdtracker.audit.checkpoint import ReadingVerification
from hrdtracker.audit.model import AuditEntry, Opening, ReadingBatch
from hrdtracker.authorised import (
    flush_deferred,
    forget_reading,
    note_reading,
    seal_readings,
    side_transaction,
)
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.seal import ring
from tests import make
from tests.disarmed import disarmed
from tests.readings import batches, read, row

ALTERED: dict[str, str] = {
    "a reader is somebody else": "UPDATE access_log SET actor_id = 2 WHERE id = 7",
    "a time is another": "UPDATE access_log SET at = '2020-01-01 00:00:00' WHERE id = 7",
    "what a list showed is less": "UPDATE access_log SET shown_keys = NULL, "
    "subject_uid = (SELECT uid FROM user_account WHERE id = 1) WHERE id = 7",
    "a case is another": "UPDATE access_log SET scope_id = NULL, action = 'x' WHERE id = 7",
    "a row is gone": "DELETE FROM access_log WHERE id = 7",
    "the last row of a batch is gone": "DELETE FROM access_log WHERE id = 8",
    "a batch says less": "UPDATE access_batch SET row_count = 3 WHERE number = 2",
    "a batch ends elsewhere": "UPDATE access_batch SET last_id = 7 WHERE number = 2",
    "a batch is of another time": "UPDATE access_batch SET at = '2020-01-01 00:00:00' "
    "WHERE number = 2",
    "a batch is gone": "DELETE FROM access_batch WHERE number = 2",
}
"""What somebody with the key of the database might do to four batches of four rows."""
TABLES = ("access_log", "access_batch")


def _disarm() -> None:
    """Take away what keeps the tables from being changed, as whoever holds the database can."""
    connection = session().connection(execution_options={"schema": True, "write": True})
    for table in TABLES:
        for statement in disarmed(connection.dialect.name, table):
            connection.exec_driver_sql(statement)


def _alter(*changes: str) -> ReadingVerification:
    """Return what the verification finds after changes, which are then undone."""
    session().rollback()
    _disarm()
    try:
        for change in changes:
            session().connection().exec_driver_sql(change)
        return queries.verify_readings()
    finally:
        session().rollback()


def _entries() -> int:
    return session().scalar(select(func.count()).select_from(AuditEntry)) or 0


def _seal() -> None:
    organisation = make.organisation()
    ring().load([organisation.data_key_id])
    seal_readings(operator(organisation.id), organisation)


@pytest.mark.usefixtures("unit")
def test_whatever_is_altered_in_the_access_log_is_found() -> None:
    batches(4)
    assert queries.verify_readings().holds
    missed = [what for what, change in ALTERED.items() if _alter(change).broken_at not in {2, 3}]
    assert missed == []


@pytest.mark.usefixtures("unit")
def test_an_emptied_log_is_found_by_what_the_trail_names() -> None:
    batches(2)
    _seal()
    assert _alter("DELETE FROM access_log", "DELETE FROM access_batch").cut
    cut = _alter("DELETE FROM access_log WHERE id > 4", "DELETE FROM access_batch WHERE number > 1")
    assert cut.cut
    assert queries.verify_readings().holds


@pytest.mark.usefixtures("unit")
def test_what_is_sealed_is_not_sealed_again() -> None:
    batches(1)
    _seal()
    before = _entries()
    _seal()
    assert _entries() == before


@pytest.mark.usefixtures("unit")
def test_a_server_whose_log_was_emptied_still_starts_and_stops() -> None:
    batches(1)
    _seal()
    session().rollback()
    _disarm()
    for table in TABLES:
        session().connection().exec_driver_sql(f"DELETE FROM {table}")
    session().commit()
    _seal()
    assert queries.verify_readings().cut


@pytest.mark.usefixtures("unit")
def test_an_answer_that_shows_nothing_of_what_was_read_leaves_no_line() -> None:
    director = make.actor("director")
    for leaves in (1, 0):
        ring().shown[make.user("monitor").data_key_id] = None
        if not leaves:
            forget_reading()
        before = session().scalar(select(func.count()).select_from(Opening)) or 0
        note_reading(director, Action.CASE_READ)
        flush_deferred()
        after = session().scalar(select(func.count()).select_from(Opening))
        assert after == before + leaves


@pytest.mark.usefixtures("unit")
def test_an_end_that_was_cut_off_is_found_once_others_have_read_on() -> None:
    batches(2)
    _seal()
    session().rollback()
    _disarm()
    session().connection().exec_driver_sql("DELETE FROM access_log WHERE id > 4")
    session().connection().exec_driver_sql("DELETE FROM access_batch WHERE number > 1")
    session().commit()
    batches(2)
    assert queries.verify_readings().broken_at == 2


@pytest.mark.usefixtures("unit")
def test_a_row_that_is_in_no_batch_yet_is_counted_and_not_vouched_for() -> None:
    batches(1)
    read(3)
    found = queries.verify_readings()
    assert (found.holds, found.entries, found.unsealed) == (True, 4, 3)
    assert _alter("DELETE FROM access_log WHERE id = 6").holds, "the window is said"
    _seal()
    assert queries.verify_readings().unsealed == 0


@pytest.mark.usefixtures("unit")
def test_a_batch_is_closed_by_whoever_reads_a_second_after_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = clock.now()

    def read(after: timedelta) -> int:
        monkeypatch.setattr(clock, "now", lambda: moment + after)
        ring().shown[4711] = None
        note_reading(make.actor("director"), None)
        flush_deferred()
        return queries.verify_readings().unsealed

    seconds = (0, 0.5, 0.999, 1, 1.5, 2, -1, -0.5)
    waiting = [read(timedelta(seconds=second)) for second in seconds]
    assert waiting == [0, 1, 2, 0, 1, 0, 0, 1], "a clock that is put back holds nobody up"
    named = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "readings.seal")
    before = session().scalar(named) or 0
    assert read(timedelta(hours=1)) == read(timedelta(hours=1, seconds=2)) == 0
    assert session().scalar(named) == before + 1, "once an hour the trail names a batch"
    assert queries.verify_readings().holds


def test_batches_are_exact_however_many_read_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_chain, "LONGEST", timedelta(milliseconds=3))

    def read(number: int) -> None:
        with app.app_context(), unit_of_work(make.open_session(app)):
            rows = row(number + 1)
            for _ in range(25):
                side_transaction(lambda: access_log.keep_openings(rows))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(read, range(6)))
    with app.app_context(), unit_of_work(make.open_session(app)):
        found = queries.verify_readings()
        assert found.holds
        assert found.entries + found.unsealed == 150
        assert (session().scalar(select(func.count()).select_from(ReadingBatch)) or 0) > 5


@pytest.mark.usefixtures("unit")
def test_every_column_of_the_log_is_signed() -> None:
    assert set(reading_chain.SIGNED) == set(Opening.__table__.columns.keys())
