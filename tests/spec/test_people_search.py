"""Whom a name may belong to already: in either script, and never somebody hidden."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound
from hrdtracker.core.seal import ring
from hrdtracker.people import search, service
from hrdtracker.people.drafts import Birth, NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.people.search import possible_for_each, possible_people
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def draft(*names: str, **values: object) -> PersonDraft:
    """Return somebody with these names."""
    return PersonDraft(tuple(NameDraft(name) for name in names), **values)  # type: ignore[arg-type] # as given


def record(login: str, *names: str, **values: object) -> Person:
    """Record somebody who is in no case yet."""
    return service.record_person(make.actor(login), draft(*names, **values))


def found(login: str, text: str, limit: int = 8) -> list[str]:
    """Return the names that a search offers."""
    return [each.name for each in possible_people(make.actor(login), text, limit)]


def change(person: Person, *names: str) -> None:
    """Give a person other names."""
    service.edit_person(make.actor("monitor"), person, draft(*names), person.version)


SPELLINGS = [
    ("Sok Dara", "Sok Dara"),
    ("Sok Dara", "sok  DARA"),
    ("Sok Dara", "Dara Sok"),
    ("Sok Dara", "Sok Darra"),
    ("Sok Dara", "សុខ ដារ៉ា"),
    ("សុខ ដារ៉ា", "Sok Dara"),
    ("សុខ ដារ៉ា", "សុខ ដារ៉ា"),
]


def test_somebody_is_found_in_either_script_and_any_common_spelling() -> None:
    record("monitor", "Sok Dara")
    record("monitor", "សុខ ដារ៉ា")
    record("monitor", "Heng Bopha")
    missed = [(kept, typed) for kept, typed in SPELLINGS if kept not in found("monitor", typed)]
    assert missed == []
    assert [typed for _, typed in SPELLINGS if "Heng Bopha" in found("monitor", typed)] == []


def test_any_of_somebody_s_names_finds_them_once() -> None:
    person = record("monitor", "Kosal Vuthy", "ដេម៉ូ", "Monk Demo")
    typed = ["Monk Demo", "Kosal Vuthy", "ដេម៉ូ"]
    answers = possible_for_each(make.actor("monitor"), typed)
    assert [[each.uid for each in answer] for answer in answers] == [[person.uid]] * 3


def test_what_tells_people_apart_stands_beside_each() -> None:
    record(
        "monitor",
        "Sok Dara",
        sex=Sex.FEMALE,
        birth=Birth(1990, 3),
        age=36,
        categories=frozenset({"union", "land"}),
    )
    record("monitor", "Sok Dara", unit=CountingUnit.FAMILY, head_count=5)
    one, family = sorted(
        possible_people(make.actor("monitor"), "Sok Dara"), key=lambda p: -len(p.unit)
    )
    assert (one.unit, one.sex, one.age, one.birth) == ("person", "F", 36, Birth(1990, 3))
    assert one.categories == ("land", "union")
    assert (family.unit, family.head_count) == ("family", 5)


# --- never somebody hidden -----------------------------------------------------------------------


def test_a_search_offers_nobody_whom_the_actor_may_not_see() -> None:
    make.incident("stranger", victims=(Victim(described=draft("Sok Dara", birth=Birth(1990))),))
    assert found("monitor", "Sok Dara") == []
    assert found("stranger", "Sok Dara") == ["Sok Dara"]


def test_hidden_people_do_not_push_out_those_who_may_be_seen() -> None:
    hidden = tuple(Victim(described=draft("Sok Dara")) for _ in range(70))
    make.incident("stranger", victims=hidden)
    record("monitor", "Sok Darra")
    assert found("monitor", "Sok Dara", limit=1) == ["Sok Darra"]


def test_how_many_are_hidden_does_not_show() -> None:
    hidden = tuple(Victim(described=draft("Sok Dara")) for _ in range(70))
    make.incident("stranger", victims=hidden[:1])
    found("monitor", "Sok Dara")
    before = statements(lambda: found("monitor", "Sok Dara"))
    make.incident("stranger", victims=hidden)
    found("monitor", "Sok Dara")
    assert statements(lambda: found("monitor", "Sok Dara")) == before


def test_people_of_a_secret_case_are_offered_to_the_people_named_for_it_alone() -> None:
    incident = make.incident(
        "monitor", victims=(Victim(described=draft("Sok Dara", birth=Birth(1990))),)
    )
    assert found("director2", "Sok Dara") == ["Sok Dara"]
    director = make.actor("director")
    with authorised(director, Action.CASE_SENSITIVITY, on=make.case_of(incident)):
        scope = session().get_one(Scope, incident.scope_id)
        scope.sensitivity, scope.decider_id = Sensitivity.SECRET, director.id
    assert found("director2", "Sok Dara") == []
    assert found("national", "Sok Dara") == []
    assert found("monitor", "Sok Dara") == ["Sok Dara"]


def test_every_name_that_is_read_at_once_is_of_somebody_whom_the_actor_may_see() -> None:
    make.incident("stranger", victims=(Victim(described=draft("Chea Hidden")),))
    record("monitor", "Sok Dara", "Monk Demo")
    assert set(search.names_readable(make.actor("monitor"))) == {"Sok Dara", "Monk Demo"}


def may_look(login: str) -> bool:
    """Tell whether somebody of the cast may look for people."""
    try:
        possible_people(make.actor(login), "Sok Dara")
    except NotAllowed:
        return False
    return True


def test_only_who_works_on_cases_looks_for_people() -> None:
    kept_out = {login for login in make.NAMES if not may_look(login)}
    of_money = {"fund", "fund2", "finance", "board"}
    assert kept_out == of_money | {"auditor", "admin", "admin2", "nobody", "second"}


def test_the_trail_keeps_that_somebody_looked_but_not_for_whom() -> None:
    record("monitor", "Canary Name")
    possible_people(make.actor("monitor"), "Canary Name")
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.subject_type, entry.payload) == (
        "person.search",
        "organisation",
        b"",
    )


# --- what is in memory follows the database ------------------------------------------------------


def test_somebody_recorded_after_a_search_is_found_by_the_next() -> None:
    assert found("monitor", "Sok Dara") == []
    record("monitor", "Sok Dara")
    assert found("monitor", "Sok Dara") == ["Sok Dara"]


def test_a_changed_name_is_found_and_the_former_one_no_longer() -> None:
    person = record("monitor", "Sok Dara")
    assert found("monitor", "Sok Dara") == ["Sok Dara"]
    change(person, "Heng Bopha")
    assert found("monitor", "Sok Dara") == []
    assert found("monitor", "Heng Bopha") == ["Heng Bopha"]
    change(person)
    assert found("monitor", "Heng Bopha") == []


def test_a_name_that_was_only_added_or_taken_away_counts_too() -> None:
    person = record("monitor", "Sok Dara")
    found("monitor", "Sok Dara")
    change(person, "Sok Dara", "Heng Bopha")
    assert found("monitor", "Heng Bopha") == ["Heng Bopha"]
    change(person, "Heng Bopha")
    assert found("monitor", "Sok Dara") == []


def test_a_change_that_was_dated_before_the_last_search_is_still_noticed() -> None:
    late, other = record("monitor", "Sok Dara"), record("monitor", "Chea Vanna")
    found("monitor", "Sok Dara")
    change(other, "Chea Vanny")
    found("monitor", "Sok Dara")
    with authorised(make.actor("monitor"), Action.PERSON_EDIT, on=late):
        ring().load([late.data_key_id])
        service._follow_names(late, [NameDraft("Heng Bopha")])
        late.changed_at = clock.now() - timedelta(seconds=60)
    assert found("monitor", "Heng Bopha") == ["Heng Bopha"]


def test_forgetting_drops_every_name_and_the_next_search_reads_them_again() -> None:
    record("monitor", "Sok Dara")
    found("monitor", "Sok Dara")
    pool = session().get_bind().engine.pool
    assert pool in search._held
    search.forget()
    assert pool not in search._held
    assert found("monitor", "Sok Dara") == ["Sok Dara"]


def test_of_all_whose_names_are_read_the_keys_of_those_shown_alone_are_kept() -> None:
    make.incident("stranger", victims=(Victim(described=draft("Sok Dara")),))
    shown, _ = record("monitor", "Sok Dara"), record("monitor", "Heng Bopha")
    session().info.pop("ring")
    assert found("monitor", "Chea Vanna") == []
    assert ring()._keys == {}
    assert found("monitor", "Sok Dara") == ["Sok Dara"]
    assert ring()._keys.keys() == {shown.data_key_id}


# --- who was chosen before -----------------------------------------------------------------------


def test_whoever_was_chosen_is_offered_once_and_first_where_other_words_were_typed_since() -> None:
    dara, bopha = record("monitor", "Sok Dara"), record("monitor", "Heng Bopha")

    def offer(words: str, chosen: str | None = None) -> list[tuple[int, str]]:
        people = search.offered(make.actor("monitor"), words, chosen)
        return [(person.id, person.name) for person in people]

    both = [(dara.id, ""), (bopha.id, "Heng Bopha")]
    assert offer("Heng Bopha", dara.uid.hex) == both
    assert offer("Heng Bopha", bopha.uid.hex) == both[1:]
    assert offer("Heng Bopha") == both[1:]
    assert offer("", dara.uid.hex) == both[:1]


def test_whoever_was_chosen_and_is_hidden_is_not_found() -> None:
    make.incident("stranger", victims=(Victim(described=draft("Sok Dara")),))
    hidden = session().scalars(select(Person)).one()
    with pytest.raises(NotFound):
        search.offered(make.actor("monitor"), "Heng Bopha", hidden.uid.hex)


def test_nobody_is_looked_for_where_no_name_is_typed() -> None:
    searches = select(func.count()).where(AuditEntry.action == Action.PERSON_SEARCH)
    assert search.offered(make.actor("monitor"), "") == []
    assert session().scalar(searches) == 0
    possible_people(make.actor("monitor"), "Sok Dara")
    assert session().scalar(searches) == 1


# --- effort and nasty input ----------------------------------------------------------------------


def statements(act: object) -> int:
    """Return how many statements an act sends."""
    sent: list[str] = []

    def note(*values: object) -> None:
        sent.append(str(values[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()  # type: ignore[operator] # a function
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(sent)


def test_eight_names_take_as_many_statements_as_one() -> None:
    for name in ("Sok Dara", "Heng Bopha", "Chea Vanna"):
        record("monitor", name, sex=Sex.MALE, birth=Birth(1990), categories=frozenset({"land"}))
    monitor = make.actor("monitor")
    possible_people(monitor, "Sok Dara")
    one = statements(lambda: possible_for_each(monitor, ["Sok Dara"]))
    many = ["Sok Dara", "Heng Bopha", "Chea Vanna", "Sok", "សុខ", "x", "", "Dara"]
    assert statements(lambda: possible_for_each(monitor, many)) == one


NASTY = [
    "",
    " ",
    "\0",
    "%",
    "_",
    "' OR 1=1 --",
    "x" * 100_000,
    "\ud800",
    "\u200b\u200b",
    "🙂",
    "1234567890",
    "\u17d2" * 50,
    "<script>",
]


def test_nasty_words_find_nobody_and_break_nothing() -> None:
    record("monitor", "Sok Dara")
    assert possible_for_each(make.actor("monitor"), NASTY) == [[]] * len(NASTY)
