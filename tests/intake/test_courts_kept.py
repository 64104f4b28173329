"""What a sheet told of the courts stands on the trail, is undone as a whole, and counts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Scope
from hrdtracker.audit import chain
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.core.seal import DataKeyWrap
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.incidents import imports, sampling
from hrdtracker.incidents.model import Incident
from hrdtracker.intake import service
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.recount import count_all
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.whole import WholeProceeding
from hrdtracker.proceedings.hearings import add_hearing, change_hearing
from hrdtracker.proceedings.model import (
    Charge,
    Hearing,
    LegalTitle,
    Party,
    Proceeding,
    ProceedingScope,
)
from hrdtracker.proceedings.reading.of_import import CourtsOfImport, courts_of_import
from hrdtracker.proceedings.together import NOT_YOURS, add_together, record_together
from tests import make
from tests.intake.court_sheets import (
    COURTS,
    actor,
    batch,
    cells,
    count,
    counts,
    court,
    every,
    figures,
    take,
)
from tests.spec.sheets import Desk
from tests.web.somebody import statements

# --- the trail, undoing and accepting -------------------------------------------------------------


@pytest.mark.usefixtures("law")
def test_the_trail_says_in_each_case_what_was_written_in_it(desk: Desk) -> None:
    take(desk, cells(no="1"), cells(no="2", who="Demo B"))
    assert chain.verify().holds
    written = [
        [change["table"] for change in json.loads(entry.payload)]
        for entry in session().scalars(select(AuditEntry).where(AuditEntry.channel == "import"))
        if entry.scope_id is not None
    ]
    assert len(written) == 2
    assert sorted(written[0]) == sorted(written[1])
    for table in ("proceeding", "party", "charge", "hearing", "legal_title", "stay"):
        assert table in written[0]


def seen(model: type[Entity], action: Action, login: str = "monitor") -> int:
    return len(session().scalars(policy.visible(make.actor(login), action, model)).all())


@pytest.mark.usefixtures("law")
def test_an_import_is_undone_with_all_that_it_told_of_the_courts(desk: Desk) -> None:
    take(desk, cells(no="1"), cells(no="2", who="Demo B"))
    brought = counts()
    assert courts_of_import(batch().id) == CourtsOfImport(2, 4, 2, 2)
    assert seen(Proceeding, Action.PROCEEDING_READ) == 2
    *_, progress = imports.undo(actor(), batch().id)
    assert (progress.withdrawn, progress.changed) == (2, 0)
    for model in (Proceeding, Hearing, Party, Charge, LegalTitle):
        for login in ("monitor", "director", "national"):
            assert seen(model, Action.PROCEEDING_READ, login) == 0
    assert counts() == brought, "nothing is deleted"
    assert figures(take(desk, cells(no="1"))) == (1, 0, 0, 0, 0)


def add_day(proceeding: Proceeding) -> None:
    starts = When.unknown("", "Asia/Phnom_Penh")
    add_hearing(make.actor("monitor"), proceeding, HearingDraft(starts, "trial"))


def change_day(proceeding: Proceeding) -> None:
    hearing = session().scalars(select(Hearing).where(Hearing.proceeding_id == proceeding.id)).one()
    draft = HearingDraft(hearing.day, "trial", note="It rained.")
    change_hearing(make.actor("monitor"), hearing, draft, hearing.version)


@pytest.mark.usefixtures("law")
def test_whoever_opens_the_case_opens_what_it_tells_of_the_courts(desk: Desk) -> None:
    take(desk, cells(no="1"), cells(no="2", who="Demo B"))
    wraps = select(DataKeyWrap.data_key_id, DataKeyWrap.compartment_id)
    homes = {key: home for key, home in session().execute(wraps)}  # noqa: C416 - typed
    query = (
        select(Proceeding.data_key_id, Scope.compartment_id)
        .join(ProceedingScope, ProceedingScope.proceeding_id == Proceeding.id)
        .join(Scope, Scope.id == ProceedingScope.scope_id)
    )
    opened = session().execute(query).all()
    assert [homes[key] for key, _ in opened] == [home for _, home in opened]
    assert len(opened) == 2


NONE = "of no list"


def changed(told: WholeProceeding, part: str, **values: Any) -> WholeProceeding:
    """Return what a row tells with another value in one of its parts."""
    charge: Any
    facts: Any = told.facts
    (charge, *_), (title,), (day,) = told.charges, told.titles, told.hearings
    others: dict[str, Callable[[], dict[str, Any]]] = {
        "facts": lambda: {"facts": replace(facts, **values)},
        "charge": lambda: {"charges": (replace(charge, charge=replace(charge.charge, **values)),)},
        "outcome": lambda: {
            "charges": (replace(charge, outcome=replace(charge.outcome, **values)),)
        },
        "title": lambda: {"titles": (replace(title, **values),)},
        "hearing": lambda: {"hearings": (replace(day, hearing=replace(day.hearing, **values)),)},
    }
    return replace(told, **others[part]())


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("facts", "court"),
        ("charge", "charged_by"),
        ("outcome", "decided_by"),
        ("title", "known_by"),
        ("hearing", "kind"),
    ],
)
def test_no_code_that_no_list_holds_is_recorded_of_the_courts(
    desk: Desk, part: str, field: str
) -> None:
    told = changed(court(desk), part, **{field: NONE})
    take(desk, cells())
    before, case, (person,) = counts(), make.case_of(every(Incident)[0]), every(Person)
    with pytest.raises(Refused) as refused:
        add_together(actor(), case, [person], told)
    assert NONE in str(next(iter(refused.value.reasons.values())))
    assert counts() == before


@pytest.mark.usefixtures("law")
def test_nobody_records_by_an_import_in_a_case_that_is_not_theirs(desk: Desk) -> None:
    told = court(desk)
    take(desk, cells())
    (person,), case = every(Person), make.case_of(every(Incident)[0])
    before = counts()
    with pytest.raises(NotAllowed):
        add_together(actor("stranger"), case, [person], told)
    elsewhere, organisation = actor("stranger"), make.organisation()
    with (
        pytest.raises(Refused) as refused,
        authorised(elsewhere, Action.INCIDENT_LOG, within=organisation),
    ):
        record_together(elsewhere, [told], [SimpleNamespace(case=case, people=[person])])
    assert str(refused.value.reasons["case"]) == NOT_YOURS
    assert counts() == before


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("work", [add_day, change_day])
def test_work_on_a_proceeding_since_keeps_its_case_from_being_undone(desk: Desk, work: Any) -> None:
    take(desk, cells(no="1"), cells(no="2", who="Demo B"))
    work(every(Proceeding)[0])
    assert imports.changed_since(batch().id) == 1
    with pytest.raises(Refused):
        next(imports.undo(actor(), batch().id))
    *_, progress = imports.undo(actor(), batch().id, keep_changed=True)
    assert (progress.withdrawn, progress.changed) == (1, 1)


@pytest.mark.usefixtures("law")
def test_whose_proceeding_somebody_worked_on_is_not_accepted_with_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "SAMPLE", 1)
    take(desk, *(cells(no=f"{number}", who=f"Demo {number}") for number in range(6)))
    director = make.actor("director")
    (before,) = sampling.samples(director)
    assert (before.size, before.corrected, before.others) == (1, 0, 5)
    drawn = session().scalars(select(Incident).where(Incident.uid == before.to_review[0])).one()
    concerns = select(ProceedingScope.proceeding_id).where(
        ProceedingScope.scope_id == drawn.scope_id
    )
    add_day(session().scalars(select(Proceeding).where(Proceeding.id.in_(concerns))).one())
    (after,) = sampling.samples(director)
    assert (after.size, after.corrected, after.others) == (2, 1, 4)


# --- clocks, and what it costs --------------------------------------------------------------------


def clocks() -> list[tuple[str, int | None]]:
    rows = session().execute(select(Clock.clock, Clock.person_id).order_by(Clock.id))
    return sorted((clock, person) for clock, person in rows)


@pytest.mark.usefixtures("law")
def test_clocks_of_imported_people_are_counted_in_the_act_and_stay_so(desk: Desk) -> None:
    known = {"article": "495", "law": "our own", "outcome": "", "released": "", "end": "",
             "until": ""}  # fmt: skip
    take(desk, cells(**known))
    counted = clocks()
    assert {person for _, person in counted} == {every(Person)[0].id}
    assert counted
    count_all(batch().recorded_at)
    assert clocks() == counted


@pytest.mark.usefixtures("law")
def test_the_law_that_counts_here_counts_for_nobody_in_another_country(desk: Desk) -> None:
    take(desk, cells(country="Thailand", released="", end="", until=""))
    assert (count(Stay), clocks()) == (1, [])


@pytest.mark.usefixtures("law")
def test_a_charge_under_the_law_of_another_country_starts_no_clock(desk: Desk) -> None:
    alone = dict.fromkeys(("arrived", "released", "held at", "prison", "status", "ground"), "")
    take(desk, {**cells(**alone), "type": "Threat"})
    assert (count(Stay), count(Charge), clocks()) == (0, 2, [])
    take(desk, {**cells(no="2", who="Demo B", article="495", law="our own", **alone),
                "type": "Threat"})  # fmt: skip
    assert clocks()


@pytest.mark.usefixtures("law")
def test_fifty_rows_cost_no_more_statements_than_two(desk: Desk) -> None:
    mapping = COURTS

    def taking(first: int, number: int) -> Iterator[None]:
        rows = [cells(no=f"{n}", who=f"Demo {n}") for n in range(first, first + number)]
        take(desk, *rows, mapping=mapping)
        yield

    def cost(first: int, number: int) -> int:
        return statements(lambda: list(taking(first, number)))

    service_first = service.FIRST
    assert service_first >= 40
    cost(0, 2)
    assert cost(1000, 40) == cost(2000, 3)
