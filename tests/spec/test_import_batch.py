"""Many incidents are logged in one act, as if each had been logged by itself."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, func, select

from hrdtracker.access.actor import Channel
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.audit import chain
from hrdtracker.audit.history import changes_of
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import FollowUpDraft
from hrdtracker.cases.model import Case, CaseArea, FollowUp
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.core.seal import DataKeyWrap, ring
from hrdtracker.incidents.batch import log_together, renew
from hrdtracker.incidents.custody import stays_in
from hrdtracker.incidents.drafts import Custody, InvolvementDraft, SourceDraft
from hrdtracker.incidents.model import Incident, IncidentStatus, Involvement, Source, Violation
from hrdtracker.incidents.service import violations_of
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def whole(case: str = "", **changes: Any) -> WholeIncident:
    """Return an incident from elsewhere, in a case of its own unless one is named."""
    own = {name: changes.pop(name) for name in tuple(changes) if name in LATER}
    number = uuid4().hex
    return WholeIncident(make.draft(**changes), Origin("a list", number, case or number), **own)


LATER = ("more_types", "held_types", "status_at_end", "involved", "sources", "later")


def log(*wholes: WholeIncident, login: str = "monitor") -> list[Incident]:
    return log_together(make.actor(login, Channel.IMPORT), wholes)


def person(name: str) -> Victim:
    return Victim(described=PersonDraft((NameDraft(name),)))


def entries() -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.channel == "import").order_by(AuditEntry.seq)
    return list(session().scalars(query))


def test_a_case_that_is_called_so_elsewhere_is_another_one() -> None:
    elsewhere = WholeIncident(make.draft(), Origin("another list", uuid4().hex, "A"))
    (first,) = log(elsewhere, login="stranger")
    (second,) = log(whole("A"))
    assert first.case_id != second.case_id


def test_of_a_victim_of_whom_nothing_is_said_nobody_is_recorded() -> None:
    (incident,) = log(whole(victims=(Victim(),)))
    assert [row.victim_id for row in violations_of(incident).values()] == [None]


def test_each_incident_of_an_act_is_submitted_in_a_case_of_its_own() -> None:
    made = log(whole(), whole(), whole())
    assert {one.status for one in made} == {IncidentStatus.SUBMITTED}
    assert len({one.case_id for one in made}) == 3
    assert len({make.case_of(one).code for one in made}) == 3


def test_the_words_of_each_are_sealed_with_the_key_of_its_case() -> None:
    made = log(whole(narrative="First."), whole(narrative="Second."))
    session().expire_all()
    session().info.pop("ring")
    ring().load(one.data_key_id for one in made)
    assert [one.narrative for one in made] == ["First.", "Second."]
    assert made[0].data_key_id != made[1].data_key_id


def test_the_trail_has_an_entry_for_each_incident_and_none_besides() -> None:
    made = log(whole(), whole(), whole())
    assert [(each.action, each.subject_uid) for each in entries()] == [
        ("incident.log", one.uid) for one in made
    ]
    assert chain.verify().holds


def test_the_entry_of_an_incident_holds_what_was_written_in_its_case_and_nothing_else() -> None:
    full: dict[str, Any] = {
        "victims": (person("Demo A"), person("Demo B")),
        "areas": frozenset({"judiciary"}),
        "involved": (InvolvementDraft("police"),),
        "sources": (SourceDraft("unknown"),),
        "later": (FollowUpDraft("court", datetime(2026, 1, 1, tzinfo=UTC), timed=False),),
    }
    log(whole(**full), whole(**full))
    tables = [sorted(row["table"] for row in json.loads(each.payload)) for each in entries()]
    assert tables[0] == [
        *("case_area", "case_file", "follow_up", "incident", "incident_writer", "involvement"),
        *("person", "person", "person_name", "person_name", "person_scope", "person_scope"),
        *("scope", "source", "source_support", "source_support", "stay", "stay"),
        *("violation", "violation"),
    ]
    assert tables[1] == tables[0]
    places = [{each.scope_id for each in entries()}, set(session().scalars(select(Case.scope_id)))]
    assert places[0] == places[1]


def test_whoever_reads_the_history_of_a_case_finds_its_incident_there() -> None:
    first, second = log(whole(), whole())
    changed = {change.uid for change in changes_of(first.scope_id, since=0)}
    assert first.uid.hex in changed
    assert second.uid.hex not in changed


def test_a_new_row_on_the_trail_says_each_value_it_was_given() -> None:
    (made,) = log(whole(type="threat"))
    rows = json.loads(entries()[0].payload)
    (columns,) = (row["columns"] for row in rows if row["table"] == "incident")
    assert columns["type"] == [None, "threat"]
    assert columns["status"] == [None, "submitted"]
    assert made.occurred is not None
    assert made.occurred.earliest is not None
    assert columns["occurred_earliest"] == [None, made.occurred.earliest.isoformat()]
    assert set(columns["narrative_sealed"][1]) == {"sealed"}
    assert "tie_sealed" not in columns


def test_rows_with_the_same_case_share_it_and_later_acts_find_it() -> None:
    first, second, other = log(whole("a"), whole("a"), whole("b"))
    (third,) = log(whole("a", victims=(person("Demo C"),)))
    assert first.case_id == second.case_id == third.case_id != other.case_id
    letters = select(PersonScope.letter).where(PersonScope.scope_id == first.scope_id)
    assert sorted(session().scalars(letters)) == ["A", "B", "C"]
    assert [each.action for each in entries()] == [
        "incident.log", "case.extend", "incident.log", "case.extend",
    ]  # fmt: skip


def test_a_case_that_is_not_ones_own_is_not_added_to() -> None:
    log(whole("a"), login="monitor")
    with pytest.raises(Refused):
        log(whole("a"), login="colleague")
    assert session().scalar(select(func.count()).select_from(Incident)) == 1


def test_each_victim_has_a_violation_of_each_type() -> None:
    (made,) = log(
        whole(
            victims=(person("Demo A"), person("Demo B")),
            more_types=("threat", "arrest"),
            status_at_end="released",
        )
    )
    rows = violations_of(made).values()
    assert sorted(row.type for row in rows) == ["arrest", "arrest", "threat", "threat"]
    assert {row.status_at_end for row in rows} == {None}
    assert [row.end_kind for row in stays_in(made)] == ["released", "released"]


def test_somebody_is_in_one_place_however_much_was_done_to_them() -> None:
    held: dict[str, Any] = {"custody": Custody(place_held="Demo prison"), "more_types": ("threat",)}
    every, some = log(whole(**held), whole(**held, held_types=frozenset({"arrest"})))

    def told(incident: Incident) -> list[tuple[str, str | None]]:
        types = {row.id: row.type for row in violations_of(incident).values()}
        return [(types[row.violation_id or 0], row.place_held) for row in stays_in(incident)]

    assert told(every) == told(some) == [("arrest", "Demo prison")]


def test_nobody_named_is_somebody_unknown() -> None:
    (made,) = log(whole(victims=()))
    (row,) = violations_of(made).values()
    assert row.victim_id is None


def test_a_source_supports_every_violation_and_its_words_are_sealed() -> None:
    (made,) = log(whole(sources=(SourceDraft("unknown", remarks="https://example.org/1"),)))
    source = session().scalars(select(Source).where(Source.incident_id == made.id)).one()
    assert (source.letter, source.remarks) == ("A", "https://example.org/1")
    assert b"example" not in (Source.remarks.ciphertext(source) or b"")


def test_an_alleged_perpetrator_and_a_later_day_come_along() -> None:
    day = datetime(2026, 3, 4, tzinfo=UTC)
    (made,) = log(
        whole(
            involved=(InvolvementDraft("police", words="City police"),),
            later=(FollowUpDraft("court", day, timed=False, note="Hearing"),),
        )
    )
    one = session().scalars(select(Involvement).where(Involvement.incident_id == made.id)).one()
    fact = session().scalars(select(FollowUp).where(FollowUp.scope_id == made.scope_id)).one()
    assert (one.perpetrator_type, one.words) == ("police", "City police")
    assert (fact.kind, fact.at, fact.note) == ("court", day, "Hearing")


@pytest.mark.parametrize("login", ["fund", "auditor", "admin", "nobody"])
def test_who_may_not_log_incidents_may_not_log_many(login: str) -> None:
    with pytest.raises((NotAllowed, Refused)):
        log(whole(), login=login)
    assert session().scalar(select(func.count()).select_from(Incident)) == 0
    assert session().scalar(select(func.count()).select_from(Case)) == 0


def test_one_that_does_not_hold_stops_the_whole_act() -> None:
    with pytest.raises(Refused):
        log(whole(), whole(type="no such type"))
    assert session().scalar(select(func.count()).select_from(Incident)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"more_types": ("no such",)},
        {"status_at_end": "no such"},
        {"involved": (InvolvementDraft("no such"), InvolvementDraft("police"))},
        {"involved": (InvolvementDraft("police", degree="no such"),)},
        {"sources": (SourceDraft("no such"),)},
        {"sources": (SourceDraft("unknown", material="no such"),)},
        {"later": (FollowUpDraft("no such", datetime(2026, 1, 1, tzinfo=UTC), timed=False),)},
    ],
)
def test_a_code_that_no_list_holds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        log(whole(**wrong))


def test_no_code_that_no_list_holds_is_taken_over_from_a_row_that_changed() -> None:
    (incident,) = log(whole())
    wrong = make.draft(type="no such", victims=())
    act = partial(renew, make.actor("monitor", Channel.IMPORT), incident, wrong, "{}")
    assert make.refused(act) == {"type"}


def test_who_is_named_in_a_secret_case_is_locked_for_that_case_alone() -> None:
    (first,) = log(whole("one"), login="director")
    case = make.case_of(first)
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
    made = log(whole(), whole("one"), whole(), login="director")
    homes = [session().get_one(Scope, each.scope_id).compartment_id for each in made]
    assert homes[0] == homes[2] != homes[1]
    assert [compartments_of(each) for each in made] == [[home] for home in homes]


def compartments_of(incident: Incident) -> list[int]:
    """Return whose keys open what is known of the one victim of an incident."""
    (violation,) = violations_of(incident).values()
    key = select(Person.data_key_id).where(Person.id == violation.victim_id)
    held = select(DataKeyWrap.compartment_id).where(DataKeyWrap.data_key_id.in_(key))
    return list(session().scalars(held))


def test_areas_are_those_of_the_first_incident_of_a_case() -> None:
    (made,) = log(whole(areas=frozenset({"judiciary", "human_rights_defenders"})))
    areas = select(CaseArea.area).where(CaseArea.case_id == made.case_id)
    assert set(session().scalars(areas)) == {"judiciary", "human_rights_defenders"}


def test_a_hundred_incidents_cost_no_more_statements_than_two() -> None:
    log(whole(), whole())
    two = statements(lambda: log(whole(), whole()))
    hundred = statements(lambda: log(*(whole() for _ in range(100))))
    assert session().scalar(select(func.count()).select_from(Violation)) == 104
    assert hundred == two


def statements(act: Callable[[], object]) -> int:
    """Return how many statements an act sends."""
    sent: list[str] = []

    def note(*told: Any) -> None:
        sent.append(told[2])

    event.listen(Engine, "before_cursor_execute", note)
    act()
    event.remove(Engine, "before_cursor_execute", note)
    return len(sent)
