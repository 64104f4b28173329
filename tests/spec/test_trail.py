"""The trail: nothing on it is altered unnoticed, and an auditor reads it without reading cases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Sensitivity
from hrdtracker.audit import queries
from hrdtracker.audit.checkpoint import ChainVerification, Head
from hrdtracker.audit.model import AuditEntry
from hrdtracker.audit.queries import Sought, TrailLine
from hrdtracker.authorised import authorised
from hrdtracker.cases import sharing, work
from hrdtracker.cases.drafts import TaskDraft
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed
from tests import make
from tests.disarmed import disarmed

pytestmark = pytest.mark.usefixtures("unit")

ENTRIES = 500
TAMPERINGS: dict[str, str] = {
    "edited": "UPDATE audit_entry SET payload = {other} WHERE seq = {seq}",
    "given to another actor": "UPDATE audit_entry SET actor_uid = {actor} WHERE seq = {seq}",
    "deleted": "DELETE FROM audit_entry WHERE seq = {seq}",
    "emptied": "UPDATE audit_entry SET payload = {nothing} WHERE seq = {seq}",
}
LITERALS = {
    "sqlite": {"other": "X'5B5D5B5D'", "nothing": "X''", "actor": f"'{'ab' * 16}'"},
    "postgresql": {
        "other": r"'\x5b5d5b5d'::bytea",
        "nothing": r"''::bytea",
        "actor": "'abababab-abab-abab-abab-abababababab'::uuid",
    },
}


def _fill_to(wanted: int) -> None:
    """Let an administrator do something until the trail has this many entries."""
    admin, organisation = make.actor("admin"), make.organisation()
    words = ("Notes", "Daybook")
    for number in range(wanted - queries.verify().entries):
        with authorised(admin, Action.SETTINGS_CHANGE, on=organisation):
            organisation.product = words[number % 2]


def _run(statement: str) -> None:
    """Write past every guard of ours, as somebody with the database and its key would."""
    raw = session().connection().connection.driver_connection
    assert raw is not None
    cursor = raw.cursor()
    cursor.execute(statement)
    cursor.close()


@contextmanager
def _tampered(statement: str) -> Iterator[None]:
    """Alter the trail for a moment."""
    _run("SAVEPOINT tampering")
    try:
        _run(statement)
        yield
    finally:
        _run("ROLLBACK TO SAVEPOINT tampering")


def _unnoticed(kind: str, seqs: range) -> list[int]:
    """Return which of these entries can be tampered with so that nobody finds it."""
    engine = session().get_bind().dialect.name
    session().rollback()
    for statement in disarmed(engine, "audit_entry"):
        _run(statement)
    missed = []
    for seq in seqs:
        with _tampered(TAMPERINGS[kind].format(seq=seq, **LITERALS[engine])):
            verdict = queries.verify()
            if verdict.holds and not _is_cut_end(kind, seq):
                missed.append(seq)
    return missed


def _is_cut_end(kind: str, seq: int) -> bool:
    """Tell whether the last entry is deleted, which only a head kept elsewhere can show."""
    return kind == "deleted" and seq == ENTRIES


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_an_entry_that_was_altered_is_found(kind: str) -> None:
    _fill_to(100)
    assert _unnoticed(kind, range(1, 100, 9)) == []


@pytest.mark.deep
@pytest.mark.parametrize("kind", TAMPERINGS)
def test_each_of_five_hundred_entries_that_was_altered_is_found(kind: str) -> None:
    _fill_to(ENTRIES)
    assert _unnoticed(kind, range(1, ENTRIES + 1)) == []


def test_the_first_entry_that_does_not_hold_is_named() -> None:
    assert _after("DELETE FROM audit_entry WHERE seq = 7").broken_at == 8
    assert _after("UPDATE audit_entry SET action = 'term.change' WHERE seq = 9").broken_at == 9


def test_two_entries_that_changed_places_are_found() -> None:
    with _disarmed(), _tampered("UPDATE audit_entry SET seq = seq + 1000 WHERE seq IN (5, 6)"):
        _run("UPDATE audit_entry SET seq = 1011 - (seq - 1000) - 1000 WHERE seq > 1000")
        assert queries.verify().broken_at == 5


def test_an_end_that_was_cut_off_is_found_only_against_a_head_kept_elsewhere() -> None:
    head = queries.verify().head
    with _disarmed(), _tampered(f"DELETE FROM audit_entry WHERE seq > {head.seq - 3}"):
        assert queries.verify().holds
        verdict = queries.verify(head)
    assert verdict.cut
    assert not verdict.holds


def test_an_end_that_was_written_anew_is_found_against_a_head_kept_elsewhere() -> None:
    head = queries.verify().head
    forged = Head(head.seq, bytes(32))
    assert queries.verify(forged).cut
    assert queries.verify(head).holds


def test_a_head_kept_earlier_still_stands_on_a_trail_that_grew() -> None:
    head = queries.verify().head
    _fill_to(head.seq + 3)
    assert queries.verify(head).holds


def test_a_head_is_read_as_it_was_written() -> None:
    head = queries.verify().head
    assert Head.read(str(head)) == head


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("text", ["", "7", "7:", "x:00", "7:xyz", ":", f"-7:{'00' * 32}"])
def test_what_is_no_head_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="no head"):
        Head.read(text)


def test_the_database_itself_refuses_to_alter_the_trail(app: Flask) -> None:
    with pytest.raises(Exception, match="only ever added to"):
        _run("UPDATE audit_entry SET action = 'x' WHERE seq = 1")
    session().rollback()
    with pytest.raises(Exception, match="only ever added to"):
        _run("DELETE FROM audit_entry WHERE seq = 1")


def _after(statement: str) -> ChainVerification:
    with _disarmed(), _tampered(statement):
        return queries.verify()


@contextmanager
def _disarmed() -> Iterator[None]:
    session().rollback()
    for statement in disarmed(session().get_bind().dialect.name, "audit_entry"):
        _run(statement)
    yield
    session().rollback()


# What an auditor reads ---------------------------------------------------------------------------


def _trail(**sought: Any) -> list[TrailLine]:
    return list(queries.entries(make.actor("auditor"), Sought(**sought)).lines)


def _case() -> Case:
    return make.case_of(make.incident())


def _hide(sensitivity: Sensitivity) -> Case:
    """Log an incident, shut its case, and add a task to it."""
    case = _case()
    _turn(case, sensitivity)
    work.add_task(make.actor("director"), case, TaskDraft("Call the court"))
    return case


def _turn(case: Case, sensitivity: Sensitivity) -> None:
    sharing.set_sensitivity(make.actor("director"), case, sensitivity, case.version)


def _acts(case: Case) -> list[str]:
    """Return what an auditor reads of a case, the oldest first."""
    return [line.action for line in reversed(_trail()) if line.scope_id == case.scope_id]


def test_an_auditor_reads_what_was_done_by_whom() -> None:
    make.incident()
    line = next(line for line in _trail() if line.action == Action.INCIDENT_LOG)
    assert line.actor_uid == make.user("monitor").uid
    assert line.subject_type == "incident"
    assert not line.hidden


def test_words_are_said_to_have_changed_and_not_what_they_say() -> None:
    make.incident()
    changes = [change for line in _trail() for change in line.changes if change.sealed]
    assert "narrative" in {change.column for change in changes}
    assert {(change.before, change.after) for change in changes} == {(None, None)}


def test_plain_columns_are_shown_with_their_values() -> None:
    make.incident()
    told = {c.column: c.after for line in _trail() for c in line.changes if c.table == "incident"}
    assert told["type"] == "arrest"
    assert told["recorded_at"].tzinfo is not None


@pytest.mark.parametrize("sensitivity", [Sensitivity.RESTRICTED, Sensitivity.SECRET])
def test_of_a_hidden_case_only_that_something_was_done(sensitivity: Sensitivity) -> None:
    _hide(sensitivity)
    (hidden,) = [line for line in _trail() if line.hidden]
    assert hidden == TrailLine(hidden.seq, hidden.at, hidden=True)


def test_whoever_makes_a_case_secret_hides_neither_that_nor_what_was_before() -> None:
    case = _hide(Sensitivity.SECRET)
    assert _acts(case) == [Action.INCIDENT_LOG, Action.CASE_SENSITIVITY]


def test_what_was_done_while_a_case_was_secret_stays_hidden_when_it_is_normal_again() -> None:
    case = _hide(Sensitivity.SECRET)
    _turn(case, Sensitivity.RESTRICTED)
    _turn(case, Sensitivity.NORMAL)
    work.add_task(make.actor("director"), case, TaskDraft("Call the family"))
    assert len([line for line in _trail() if line.hidden]) == 2
    assert _acts(case) == [
        Action.INCIDENT_LOG, Action.CASE_SENSITIVITY,
        Action.PROPOSAL_TAKE_BACK, Action.CASE_SENSITIVITY, Action.CASE_EXTEND,
    ]  # fmt: skip


def test_a_trail_of_before_without_that_column_is_checked_too() -> None:
    assert _after("ALTER TABLE audit_entry DROP COLUMN sensitivity").broken_at is None


def test_how_sensitive_a_case_was_is_signed_with_the_entry() -> None:
    _hide(Sensitivity.SECRET)
    changed = _after("UPDATE audit_entry SET sensitivity = 'normal' WHERE sensitivity = 'secret'")
    assert changed.broken_at is not None


@pytest.mark.parametrize(
    "sought",
    [{"action": "case.extend"}, {"outcome": "done"}, {"actor": "director"}],
)
def test_no_filter_tells_anything_of_a_hidden_case(sought: dict[str, Any]) -> None:
    _hide(Sensitivity.RESTRICTED)
    if "actor" in sought:
        sought = {"actor_uid": make.user(sought["actor"]).uid}
    assert not any(line.hidden for line in _trail(**sought))
    assert Action.CASE_EXTEND not in {line.action for line in _trail(**sought)}


def test_figures_count_hidden_acts_only_together() -> None:
    _hide(Sensitivity.SECRET)
    rows, unseen = queries.figures(make.actor("auditor"), Sought())
    assert unseen == 1
    assert Action.CASE_EXTEND not in {action for action, _, _ in rows}
    _, told = queries.figures(make.actor("auditor"), Sought(action="case.extend"))
    assert told == 0


def test_figures_count_each_act() -> None:
    rows, _ = queries.figures(make.actor("auditor"), Sought())
    counts = {(action, outcome): number for action, outcome, number in rows}
    assert counts["user.invite", "done"] == len(make.NAMES)


@pytest.mark.parametrize("who", ["admin", "monitor", "director", "national", "fund", "nobody"])
@pytest.mark.engines("sqlite")
def test_nobody_but_an_auditor_reads_the_trail(who: str) -> None:
    assert queries.entries(make.actor(who), Sought()).lines == []


def test_an_auditor_of_another_organisation_reads_nothing() -> None:
    elsewhere = replace(make.actor("auditor"), organisation_id=4711)
    assert queries.entries(elsewhere, Sought()).lines == []


def test_the_trail_is_read_a_page_at_a_time_to_its_end_and_back() -> None:
    auditor, seen, older = make.actor("auditor"), [], None
    while True:
        page = queries.entries(auditor, Sought(), older_than=older)
        seen += [line.seq for line in page.lines]
        if page.older is None:
            break
        older = page.older
    assert seen == list(range(queries.verify().entries, 0, -1))
    back = queries.entries(auditor, Sought(), newer_than=page.lines[0].seq)
    until = seen.index(page.lines[0].seq)
    assert [line.seq for line in back.lines] == seen[until - len(back.lines) : until]


@pytest.mark.parametrize(
    ("sought", "holds"),
    [
        ({"action": "role.grant"}, lambda entry: entry.action == "role.grant"),
        ({"outcome": "refused"}, lambda entry: entry.outcome == "refused"),
    ],
)
def test_the_trail_is_filtered(sought: dict[str, str], holds: Callable[[AuditEntry], bool]) -> None:
    with pytest.raises(NotAllowed):
        sharing.set_sensitivity(make.actor("monitor"), _case(), Sensitivity.SECRET, 1)
    wanted = [
        e.seq for e in session().scalars(select(AuditEntry).order_by(AuditEntry.seq)) if holds(e)
    ]
    assert wanted
    found = queries.entries(make.actor("auditor"), Sought(**sought))  # type: ignore[arg-type]
    assert sorted(line.seq for line in found.lines) == wanted[-queries.PAGE_ENTRIES :]
    assert found.total == len(wanted)


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last() -> None:
    entry = session().scalars(select(AuditEntry).where(AuditEntry.seq == 5)).one()
    short = timedelta(microseconds=1)
    assert 5 in {line.seq for line in _trail(since=entry.at, before=entry.at + short)}
    assert 5 not in {line.seq for line in _trail(since=entry.at + short)}
    assert 5 not in {line.seq for line in _trail(before=entry.at)}
