"""A sheet is taken in: each row once, whatever happens, and what people changed here stays."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from hrdtracker.access.actor import Actor, Channel
from hrdtracker.access.model import UserState
from hrdtracker.audit import chain
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised, side_transaction
from hrdtracker.cases.model import Case
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.core.seal import ring
from hrdtracker.incidents import batch, decisions
from hrdtracker.incidents import service as incidents
from hrdtracker.incidents.model import Incident, IncidentStatus, Urgency
from hrdtracker.intake import service
from hrdtracker.intake.cells import TAIL
from hrdtracker.intake.mapping_file import MappingUnusable
from hrdtracker.intake.report import ImportReport
from hrdtracker.intake.service import Options
from hrdtracker.people.model import Person
from tests import make
from tests.spec.sheets import PLAIN, Desk, row

pytestmark = pytest.mark.usefixtures("unit")

MAPPING = f"""
id = "no"
case = "case"
ignore = ["no", "case"]
narrative = ["story"]
{PLAIN}
[[victims]]
column = "who"
"""
Rows = Sequence[Mapping[str, str]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)


def one(number: int, **cells: str) -> dict[str, str]:
    """Return a row with a number, a story and a victim."""
    plain = {"no": f"{number}", "story": f"Story {number}.", "who": f"Demo {number}", "case": ""}
    return row(**{**plain, **cells})


def actor(login: str = "monitor") -> Actor:
    return make.actor(login, Channel.IMPORT)


def acts(desk: Desk, rows: Rows, login: str = "monitor", **how: bool) -> Iterator[ImportReport]:
    """Take rows in, an act at a time."""
    how_to = Options(service.office_named(actor(login), None), **how)
    return service.take_in(actor(login), desk.mapping(MAPPING), desk.sheet(rows), {}, how_to)


def take(desk: Desk, rows: Rows, login: str = "monitor", **how: bool) -> ImportReport:
    """Take rows in, and return the report on all of them."""
    *_, report = acts(desk, rows, login, **how)
    assert report.finished
    counts = report.counts
    ends = (counts.created, counts.updated, counts.unchanged, counts.kept, counts.rejected)
    assert sum(ends) == counts.rows == len(rows)
    return report


def figures(report: ImportReport) -> tuple[int, ...]:
    """Return how many rows were created, updated, unchanged, kept and rejected."""
    found = report.counts
    return (found.created, found.updated, found.unchanged, found.kept, found.rejected)


def reasons(report: ImportReport) -> list[tuple[int, str]]:
    return [(note.row, str(note.reason)) for note in (*report.refused, *report.doubtful)]


def count(model: type[Entity]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def all_of_them() -> list[Incident]:
    found = list(session().scalars(select(Incident).order_by(Incident.id)))
    ring().load(each.data_key_id for each in found)
    return found


def told() -> list[str | None]:
    """Return the narratives of all incidents."""
    return [each.narrative for each in all_of_them()]


def edit(incident: Incident, narrative: str, login: str = "monitor") -> None:
    """Change the narrative of an incident, as somebody would on its page."""
    ring().load([incident.data_key_id])
    draft = make.draft(
        type=incident.type,
        occurred=incident.occurred,
        place=make.draft().place,
        victims=(),
        narrative=narrative,
    )
    incidents.edit_incident(make.actor(login), incident, draft, incident.version)


# --- once, and only once --------------------------------------------------------------------------


def test_each_row_becomes_an_incident_that_waits_for_review(desk: Desk) -> None:
    report = take(desk, [one(1), one(2), one(3)])
    assert figures(report) == (3, 0, 0, 0, 0)
    made = all_of_them()
    assert {each.status for each in made} == {IncidentStatus.SUBMITTED}
    assert {each.urgency for each in made} == {Urgency.NORMAL}
    assert {each.origin for each in made} == {"list"}
    assert told() == ["Story 1.", "Story 2.", "Story 3."]
    assert (count(Case), count(Person)) == (3, 3)


def test_the_trail_says_who_imported_and_that_it_was_an_import(desk: Desk) -> None:
    take(desk, [one(1), one(2)])
    found = session().execute(
        select(AuditEntry.actor_uid, AuditEntry.action).where(AuditEntry.channel == Channel.IMPORT)
    )
    acts_done = [(actor_uid, action) for actor_uid, action in found]
    assert {actor_uid for actor_uid, _ in acts_done} == {make.user("monitor").uid}
    assert [action for _, action in acts_done] == ["person.search", *["incident.log"] * 4]
    assert chain.verify().holds


def test_the_same_sheet_twice_makes_nothing_twice(desk: Desk) -> None:
    rows = [one(1), one(2)]
    take(desk, rows)
    before = chain.head()
    assert figures(take(desk, rows)) == (0, 0, 2, 0, 0)
    assert chain.head() == before


def test_a_row_that_stands_twice_is_taken_once(desk: Desk) -> None:
    report = take(desk, [one(1), one(1), one(1, story="Another.")])
    assert figures(report) == (1, 0, 1, 0, 1)
    assert [number for number, _ in reasons(report)] == [4, 3]
    assert told() == ["Story 1."]


def test_a_check_reads_all_and_writes_nothing_but_that_somebody_looked_for_people(
    desk: Desk,
) -> None:
    take(desk, [one(1), one(2)])
    before = chain.head()
    changed = [one(1), one(2, story="Corrected."), one(3), one(4, no="")]
    report = take(desk, changed, check=True)
    assert report.checked_only
    assert figures(report) == (1, 1, 1, 0, 1)
    assert chain.head().seq == before.seq + 1
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (last.action, last.payload) == ("person.search", b"") if last else False
    assert told() == ["Story 1.", "Story 2."]


def test_what_is_committed_stays_and_a_second_run_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FIRST", 10)
    monkeypatch.setattr(service, "LONGEST_ACT_S", 0.0)  # the acts stay small
    rows = [one(number) for number in range(35)]
    for _ in zip(range(3), acts(desk, rows), strict=False):
        pass  # and here the machine is switched off
    assert count(Incident) == 20
    assert figures(take(desk, rows)) == (15, 0, 20, 0, 0)
    assert told() == [f"Story {number}." for number in range(35)]
    assert chain.verify().holds


def test_an_act_never_holds_more_than_a_hundred_rows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LONGEST_ACT_S", 3600.0)  # however fast the machine is
    sizes = [report.counts.rows for report in acts(desk, [one(n) for n in range(230)])]
    steps = [after - before for before, after in pairwise(sizes)]
    assert steps == [40, 80, 100, 10, 0]


# --- what cannot be taken -------------------------------------------------------------------------


def test_one_bad_row_stops_no_other(desk: Desk) -> None:
    rows = [one(1), one(2, story="x" * 20_001), one(3, no=""), one(4)]
    report = take(desk, rows)
    assert figures(report) == (2, 0, 0, 0, 2)
    assert [(note.row, note.column) for note in report.refused] == [(3, "narrative"), (4, "no")]
    assert told() == ["Story 1.", "Story 4."]


def test_a_row_that_fails_as_it_is_written_takes_no_other_with_it(desk: Desk) -> None:
    take(desk, [one(1, case="A")], login="monitor")
    report = take(desk, [one(2), one(3, case="A"), one(4)], login="colleague")
    assert figures(report) == (2, 0, 0, 0, 1)
    assert reasons(report) == [(3, "Its case is there already, and not yours to add to.")]
    assert told() == ["Story 1.", "Story 2.", "Story 4."]
    assert chain.verify().holds


def test_two_imports_of_the_same_sheet_at_once_make_nothing_twice(desk: Desk) -> None:
    rows = [one(1), one(2), one(3, case="A")]
    slow = acts(desk, rows)  # has looked at what is there, and written nothing yet
    take(desk, rows)
    *_, report = slow
    assert figures(report) == (0, 0, 0, 0, 3)
    assert told() == ["Story 1.", "Story 2.", "Story 3."]
    assert chain.verify().holds


def test_a_row_whose_incident_changes_as_it_is_taken_over_stays_as_it_is_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(desk, [one(1), one(2)])

    def authorised_late(*values: Any, **given: Any) -> AbstractContextManager[Any]:
        side_transaction(_change_all)
        return authorised(*values, **given)

    monkeypatch.setattr(batch, "authorised", authorised_late)
    report = take(desk, [one(1, story="Corrected."), one(2)])
    assert figures(report) == (0, 0, 1, 0, 1)
    assert [number for number, _ in reasons(report)] == [2]
    assert told() == ["Story 1.", "Story 2."]


def _change_all() -> None:
    later = update(Incident).values(version=Incident.version + 1)
    session().connection().execute(later)


@pytest.mark.parametrize("login", ["fund", "auditor", "admin", "nobody"])
def test_who_may_not_log_incidents_cannot_import(login: str) -> None:
    with pytest.raises(NotAllowed):
        service.importer(make.organisation(), login)


def test_who_is_not_there_or_locked_cannot_import() -> None:
    make.bring(make.user("monitor"), UserState.LOCKED)
    for login in ("no_such_user", "monitor"):
        assert make.refused(partial(service.importer, make.organisation(), login)) == {"as"}


def test_a_mapping_to_a_code_that_no_list_holds_takes_nothing_in(desk: Desk) -> None:
    mapping = desk.mapping(MAPPING.replace('default = "other"', 'default = "no_such_type"'))
    options = Options(service.office_named(actor(), None))
    with pytest.raises(MappingUnusable):
        next(service.take_in(actor(), mapping, desk.sheet([one(1)]), {}, options))


def test_a_user_of_all_offices_names_one_and_a_user_of_one_office_no_other() -> None:
    national = service.importer(make.organisation(), "national")
    for who, code in ((national, None), (national, "XYZ"), (actor("monitor"), "SRP")):
        assert make.refused(partial(service.office_named, who, code)) == {"office"}
    assert service.office_named(national, "srp").code == "SRP"


# --- when the source changes ----------------------------------------------------------------------


def test_what_changed_in_the_sheet_only_is_taken_over(desk: Desk) -> None:
    take(desk, [one(1), one(2)])
    rows = [one(1, story="Corrected.", date="17 November 2024"), one(2)]
    report = take(desk, rows)
    assert (figures(report), reasons(report)) == ((0, 1, 1, 0, 0), [])
    first = all_of_them()[0]
    assert told() == ["Corrected.", "Story 2."]
    assert first.occurred is not None
    assert first.occurred.as_told == "17 November 2024"
    assert figures(take(desk, rows)) == (0, 0, 2, 0, 0)


def test_what_was_changed_here_stays(desk: Desk) -> None:
    take(desk, [one(1)])
    edit(all_of_them()[0], "Better told here.")
    assert figures(take(desk, [one(1)])) == (0, 0, 1, 0, 0)
    assert told() == ["Better told here."]


def test_what_was_changed_here_and_in_the_sheet_stays_and_is_doubtful(desk: Desk) -> None:
    take(desk, [one(1)])
    edit(all_of_them()[0], "Better told here.")
    report = take(desk, [one(1, story="Corrected.")])
    assert figures(report) == (0, 0, 0, 1, 0)
    assert reasons(report) == [(2, "Changed here and in the sheet: what is here was kept.")]
    assert told() == ["Better told here."]


def test_one_part_may_be_taken_over_while_another_is_kept(desk: Desk) -> None:
    take(desk, [one(1)])
    edit(all_of_them()[0], "Better told here.")
    report = take(desk, [one(1, story="Corrected.", date="17 November 2024")])
    assert figures(report) == (0, 1, 0, 0, 0)
    assert report.counts.doubtful == 1
    assert told() == ["Better told here."]
    assert "17" in str(all_of_them()[0].occurred)


def test_the_same_correction_made_in_both_places_is_no_difference(desk: Desk) -> None:
    take(desk, [one(1)])
    edit(all_of_them()[0], "Corrected.")
    assert figures(take(desk, [one(1, story="Corrected.")])) == (0, 0, 1, 0, 0)


def test_nothing_is_taken_over_where_that_is_not_wanted(desk: Desk) -> None:
    take(desk, [one(1)])
    report = take(desk, [one(1, story="Corrected.")], update=False)
    assert figures(report) == (0, 0, 0, 1, 0)
    assert told() == ["Story 1."]


def test_other_people_in_the_sheet_are_never_merged_or_added_by_themselves(desk: Desk) -> None:
    take(desk, [one(1)])
    report = take(desk, [one(1, who="Demo Z")])
    assert figures(report) == (0, 0, 0, 1, 0)
    assert [note.column for note in report.doubtful] == ["people"]
    assert count(Person) == 1


def test_a_column_that_a_later_sheet_does_not_have_keeps_its_line(desk: Desk) -> None:
    take(desk, [one(1, paper="Demo Paper", town="Here\nand there")])
    later = [one(1, town="Elsewhere")]
    assert figures(take(desk, later)) == (0, 1, 0, 0, 0)
    assert told() == [f"Story 1.\n\n{TAIL}\ntown: Elsewhere\npaper: Demo Paper"]
    assert figures(take(desk, later)) == (0, 0, 1, 0, 0)


def test_a_reviewed_incident_whose_source_changes_goes_back_to_its_reviewer(desk: Desk) -> None:
    take(desk, [one(1)])
    (made,) = all_of_them()
    decisions.review_incident(make.actor("director"), made, [], made.version)
    take(desk, [one(1)])
    assert all_of_them()[0].status == IncidentStatus.REVIEWED
    take(desk, [one(1, story="Corrected.")])
    assert all_of_them()[0].status == IncidentStatus.SUBMITTED


def test_nobody_changes_by_an_import_what_they_may_not_open(desk: Desk) -> None:
    take(desk, [one(1)], login="monitor")
    report = take(desk, [one(1, story="Corrected.")], login="colleague")
    assert figures(report) == (0, 0, 0, 1, 0)
    assert told() == ["Story 1."]


# --- the report -----------------------------------------------------------------------------------


def test_nothing_personal_stands_in_the_report(desk: Desk) -> None:
    secret = "Demo-Secret-Name"
    rows = [
        one(1, who=secret, date=secret, story=secret),
        one(2, who=secret, type=secret, story=secret * 2000),
        one(3, no=secret, who=secret * 30),
    ]
    report = take(desk, [*rows, rows[0]])
    table = io.StringIO()
    report.write(table)
    assert len(table.getvalue().splitlines()) > 3
    assert secret not in table.getvalue() + json.dumps(report.as_object())


def test_a_name_that_stands_in_two_rows_is_possibly_one_person_and_stays_two(desk: Desk) -> None:
    report = take(desk, [one(1, who="Demo  A"), one(2, who="demo a"), one(3)])
    assert [note.row for note in report.alike] == [3]
    assert count(Person) == 3


@pytest.mark.parametrize("column", ["=HYPERLINK(1)", "|calc", "%0", " =1+1", "\u200b=1+1"])
def test_a_column_that_looks_like_a_formula_is_none_in_the_report(desk: Desk, column: str) -> None:
    report = ImportReport("list", "list.csv")
    note = replace(take(desk, [one(1, no="")]).refused[0], column=column)
    report.refused.append(note)
    table = io.StringIO()
    report.write(table)
    assert f"\nrejected,2,'{column}," in table.getvalue().replace("\r", "")


def test_dates_are_counted_by_what_became_of_them(desk: Desk) -> None:
    counts = take(desk, [one(1), one(2, date="some day"), one(3, date="")]).counts
    assert (counts.dates_understood, counts.dates_in_words, counts.dates_missing) == (1, 1, 1)
