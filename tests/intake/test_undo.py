"""An import can be undone as a whole, as long as nobody has changed what it brought."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Channel
from hrdtracker.access.model import Scope
from hrdtracker.audit import chain
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused
from hrdtracker.core.seal import ring
from hrdtracker.incidents import batch, decisions, imports
from hrdtracker.incidents.imports import ImportState
from hrdtracker.incidents.model import ImportBatch, Incident, Violation
from hrdtracker.intake import service
from hrdtracker.intake.service import Options
from hrdtracker.people import search
from hrdtracker.people.drafts import NameDraft, PersonDraft
from hrdtracker.people.model import Person
from hrdtracker.people.service import edit_person, reveal_names
from tests import make
from tests.spec.sheets import PLAIN, Desk, row
from tests.web.somebody import statements

pytestmark = pytest.mark.usefixtures("unit")
MAPPING = f'id = "no"\ncase = "case"\n{PLAIN}[[victims]]\ncolumn = "who"\n'


def actor(login: str = "monitor") -> Actor:
    return make.actor(login, Channel.IMPORT)


def take(desk: Desk, numbers: Sequence[int], **cells: str) -> int:
    """Import rows with these numbers; return the number of the batch that they came in."""
    rows = [row(**{"no": f"{n}", "who": f"Demo {n}", "case": "", **cells}) for n in numbers]
    options = Options(service.office_named(actor(), None))
    *_, report = service.take_in(actor(), desk.mapping(MAPPING), desk.sheet(rows), {}, options)
    assert report.finished
    return session().scalars(select(ImportBatch.id).order_by(ImportBatch.id.desc())).first() or 0


def undo(number: int, login: str = "monitor", **how: bool) -> list[int]:
    """Undo an import; return how many cases were withdrawn after each act."""
    return [progress.withdrawn for progress in imports.undo(actor(login), number, **how)]


def seen(model: type[Entity], action: Action, login: str = "monitor") -> int:
    """Return how many records somebody sees."""
    return len(session().scalars(policy.visible(make.actor(login), action, model)).all())


def review(incident: Incident, login: str = "director") -> None:
    ring().load([incident.data_key_id])
    decisions.return_incident(make.actor(login), incident, "Say more.", incident.version)


def test_what_an_import_brought_is_seen_by_nobody_once_it_is_undone(desk: Desk) -> None:
    number = take(desk, range(3))
    assert seen(Incident, Action.INCIDENT_READ) == 3
    assert undo(number) == [0, 3]
    for login in ("monitor", "director", "national"):
        assert seen(Incident, Action.INCIDENT_READ, login) == 0
        assert seen(Case, Action.CASE_READ, login) == 0
        assert seen(Case, Action.CASE_OUTLINE, login) == 0
        assert seen(Person, Action.PERSON_READ, login) == 0
    assert list(search.names_readable(actor())) == []


def test_undoing_deletes_nothing(desk: Desk) -> None:
    number = take(desk, range(3))
    kinds = (Incident, Case, Person, Violation, Scope)
    before = [session().scalar(select(func.count()).select_from(kind)) for kind in kinds]
    undo(number)
    assert [session().scalar(select(func.count()).select_from(kind)) for kind in kinds] == before


def test_the_trail_of_each_case_says_who_undid_its_import(desk: Desk) -> None:
    number = take(desk, range(3))
    undo(number)
    query = select(AuditEntry.scope_id).where(
        AuditEntry.action == Action.IMPORT_UNDO, AuditEntry.scope_id.is_not(None)
    )
    scopes = set(session().scalars(select(Case.scope_id)))
    assert set(session().scalars(query)) == scopes
    assert chain.verify().holds


def test_the_same_rows_can_be_imported_anew(desk: Desk) -> None:
    undo(take(desk, range(3)))
    again = take(desk, range(3))
    assert seen(Incident, Action.INCIDENT_READ) == 3
    assert undo(again) == [0, 3]


def test_an_act_withdraws_at_most_a_hundred_and_a_stopped_undoing_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = take(desk, range(5))
    monkeypatch.setattr(imports, "MOST", 2)
    steps = imports.undo(actor(), number)
    assert [next(steps).withdrawn for _ in range(2)] == [0, 2]
    (line,) = imports.imports(actor())
    assert (line.cases, line.withdrawn, line.batch.undone_at) == (5, 2, None)
    assert line.batch.undoing_at is not None
    assert undo(number) == [2, 4, 5]
    (line,) = imports.imports(actor())
    assert line.batch.undone_at is not None
    assert batch.MOST == 100


def test_what_somebody_changed_stops_the_undoing_before_anything_is_withdrawn(desk: Desk) -> None:
    number = take(desk, range(3))
    review(session().scalars(select(Incident)).first() or Incident())
    with pytest.raises(Refused) as refused:
        undo(number)
    assert "1 of its 3 cases" in str(refused.value.reasons[""])
    assert seen(Incident, Action.INCIDENT_READ) == 3


def test_what_somebody_changed_stays_where_the_others_are_to_go(desk: Desk) -> None:
    number = take(desk, range(3))
    review(session().scalars(select(Incident)).first() or Incident())
    assert undo(number, keep_changed=True) == [0, 2]
    assert seen(Incident, Action.INCIDENT_READ) == 1


def test_a_case_stays_where_somebody_corrected_a_person_whom_it_names(desk: Desk) -> None:
    number = take(desk, range(2))
    person = session().scalars(select(Person).order_by(Person.id).limit(1)).one()
    ring().load([person.data_key_id])
    corrected = PersonDraft((NameDraft("Demo Corrected"),))
    edit_person(make.actor("monitor"), person, corrected, person.version)
    with pytest.raises(Refused):
        undo(number)
    assert undo(number, keep_changed=True) == [0, 1]
    assert seen(Person, Action.PERSON_READ) == 1


def test_a_later_import_that_brings_rows_up_to_date_changes_nothing_by_hand(desk: Desk) -> None:
    number = take(desk, range(2))
    take(desk, range(2), date="17 November 2024")
    assert all(each.version > 1 for each in session().scalars(select(Incident)))
    assert undo(number) == [0, 2]


def test_a_case_that_holds_rows_of_another_import_stays(desk: Desk) -> None:
    first = take(desk, [1], case="A")
    take(desk, [2], case="A")
    with pytest.raises(Refused):
        undo(first)
    assert undo(first, keep_changed=True) == [0]


@pytest.mark.parametrize(
    ("login", "may"), [("monitor", True), ("national", True), ("director", False)]
)
def test_an_import_is_undone_by_who_made_it_or_who_directs_all(
    desk: Desk,
    login: str,
    may: bool,  # noqa: FBT001
) -> None:
    number = take(desk, [1])
    code = session().get_one(ImportBatch, number).code
    if may:
        assert imports.import_of_code(actor(login), code).id == number
        assert undo(number, login) == [0, 1]
    else:
        with pytest.raises(NotFound):
            imports.import_of_code(actor(login), code)
        with pytest.raises(NotAllowed):
            undo(number, login)
        assert session().get_one(ImportBatch, number).undoing_at is None


def test_an_import_that_was_stopped_goes_on_in_the_same_batch(desk: Desk) -> None:
    rows = [row(no=f"{number}", who=f"Demo {number}", case="") for number in range(60)]
    options = Options(service.office_named(actor(), None))
    acts = service.take_in(actor(), desk.mapping(MAPPING), desk.sheet(rows), {}, options)
    assert [next(acts).counts.created for _ in range(2)] == [0, 40]
    number = take(desk, range(60))
    (line,) = imports.imports(actor())
    assert (line.batch.id, line.cases) == (number, 60)


def test_rows_join_no_import_of_somebody_else_and_none_that_is_being_undone() -> None:
    first = imports.begin_import(actor(), "list")
    assert imports.begin_import(actor(), "list") == first
    assert imports.begin_import(actor("colleague"), "list") != first
    assert imports.begin_import(actor(), "another") != first
    next(imports.undo(actor(), first))
    second = imports.begin_import(actor(), "list")
    assert second != first
    imports.finish_import(actor(), second)
    assert imports.begin_import(actor(), "list") not in {first, second}


def test_an_import_says_how_far_it_is_and_is_called_by_its_own_code() -> None:
    first, second = (imports.begin_import(actor(), name) for name in ("list", "another"))
    code = imports.finish_import(actor(), second)
    assert imports.import_of_code(actor(), code).id == second
    states = {line.batch.id: line.state for line in imports.imports(actor())}
    assert states == {first: ImportState.UNFINISHED, second: ImportState.TAKEN_IN}


def test_what_was_refused_or_only_shown_is_no_change(desk: Desk) -> None:
    number = take(desk, [1])
    incident = session().scalars(select(Incident)).one()
    person = session().scalars(select(Person)).one()
    reveal_names(make.actor("monitor"), person, "who")
    with pytest.raises(NotAllowed):
        review(incident, "stranger")
    session().rollback()
    assert undo(number) == [0, 1]


@pytest.mark.parametrize(("acts", "withdrawn", "is_done"), [(1, 2, False), (2, 3, True)])
def test_an_import_is_undone_some_acts_at_a_time_and_is_said_to_be_so_at_last(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, acts: int, withdrawn: int, *, is_done: bool
) -> None:
    number = take(desk, range(3))
    monkeypatch.setattr(imports, "MOST", 2)
    progress = imports.undo_some(actor(), number, acts, keep_changed=False)
    assert progress.withdrawn == withdrawn
    assert (session().get_one(ImportBatch, number).undone_at is not None) is is_done


def test_withdrawing_a_case_costs_no_statement_but_for_each_row_that_changes(desk: Desk) -> None:
    few, many = take(desk, range(2)), take(desk, range(10, 50))
    two, forty = statements(lambda: undo(few)), statements(lambda: undo(many))
    assert forty - two == 38 * len((Case, Incident))
