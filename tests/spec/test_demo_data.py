"""The demonstration shows everything that can be shown, and nobody in it is real."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import (
    Block,
    Grant,
    Membership,
    Organisation,
    Role,
    Scope,
    Sensitivity,
    User,
    UserState,
)
from hrdtracker.accounts import sessions
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.app import ROOT
from hrdtracker.audit import queries as trail
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case, CaseStatus, FollowUp, Task
from hrdtracker.cli.demo import command as demo
from hrdtracker.cli.demo.timeline import read_file
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import is_held
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.model import Donor, Posting, RequestStatus, SupportRequest
from hrdtracker.fund.reading.worklist import waiting as fund_waiting
from hrdtracker.incidents.model import (
    Finding,
    Incident,
    IncidentStatus,
    Involvement,
    PlaceKind,
    Source,
    Violation,
)
from hrdtracker.incidents.reviewing import waiting
from hrdtracker.notices.model import Notice
from hrdtracker.people.model import Contact, CountingUnit, Person, PersonName, PersonScope
from tests import make
from tests.conftest import close

INVENTED = ("Demo ", "Sample ", "Ven. Demo ")


@pytest.fixture(scope="module")
def shown(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the application of the demonstration, on a copy of it."""
    folder = tmp_path_factory.mktemp("shown") / "demo"
    shutil.copytree(demo_folder, folder)
    app, _ = demo.prepare(Settings(instance=folder))
    yield app
    with app.app_context():
        close(app)


@pytest.fixture
def here(shown: Flask) -> Iterator[None]:
    """Open a unit of work in the demonstration."""
    with shown.app_context(), unit_of_work(make.open_session(shown)):
        ring().load(session().scalars(select(Organisation.data_key_id)))
        yield
        shown.extensions["sqlalchemy"].session.remove()


def _how_many(column: object) -> Counter[str]:
    query = select(column, func.count()).group_by(column)  # type: ignore[call-overload]
    return Counter({str(value): count for value, count in session().execute(query)})


def _actor(login: str) -> Actor:
    return make.actor(login)


def test_names_are_letters_and_plants_and_places_in_words_are_samples() -> None:
    people = read_file("cases.toml")["people"].values()
    latin = [each["latin"] for each in people if "latin" in each]
    assert latin
    assert [name for name in latin if not name.startswith(INVENTED)] == []
    assert all("latin" in each or "km" in each for each in people)


@pytest.mark.usefixtures("here")
def test_it_has_cases_and_incidents_in_every_status() -> None:
    incidents, cases = _how_many(Incident.status), _how_many(Case.status)
    assert set(incidents) == {status.value for status in IncidentStatus}
    assert set(cases) == {status.value for status in CaseStatus}
    assert cases.total() >= 25
    assert incidents.total() >= 55
    assert incidents[IncidentStatus.REVIEWED] > 30


@pytest.mark.usefixtures("here")
def test_its_fund_has_two_donors_three_currencies_and_a_request_in_every_state() -> None:
    assert set(_how_many(SupportRequest.status)) == {status.value for status in RequestStatus}
    assert session().scalar(select(func.count()).select_from(Donor)) == 2
    assert set(_how_many(Posting.currency)) == {"EUR", "KHR", "USD"}
    assert check_fund().faults == ()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("login", ["monitor", "director", "fund", "finance", "board"])
def test_something_of_the_fund_waits_for_everybody_who_works_on_it(login: str) -> None:
    assert fund_waiting(_actor(login))


@pytest.mark.usefixtures("here")
def test_of_twelve_people_arrested_at_a_strike_nine_are_still_held() -> None:
    held = Stay.situation == "held_investigation"
    query = (
        select(func.count(), func.count().filter(held & is_held()))
        .select_from(Violation)
        .join(Stay, Stay.violation_id == Violation.id)
        .where(Violation.type == "arrest")
        .group_by(Violation.incident_id)
        .order_by(func.count().desc())
    )
    assert session().execute(query.limit(1)).one() == (12, 9)


@pytest.mark.usefixtures("here")
def test_it_speaks_both_languages_and_shows_every_kind_of_place() -> None:
    assert set(_how_many(Incident.language)) == {"en", "km"}
    assert set(_how_many(Incident.place_kind)) == {kind.value for kind in PlaceKind}
    assert len(_how_many(Incident.province)) > 8


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("login", ["director", "director2", "national"])
def test_something_urgent_or_old_waits_for_each_director(login: str) -> None:
    assert len(waiting(_actor(login))) >= 3


@pytest.mark.usefixtures("here")
def test_one_case_is_secret_others_restricted_and_somebody_is_shut_out_of_one() -> None:
    grades = _how_many(Scope.sensitivity)
    assert grades[Sensitivity.SECRET] == 1
    assert grades[Sensitivity.RESTRICTED] >= 2
    assert session().scalar(select(func.count()).select_from(Block)) == 1
    assert session().scalar(select(func.count()).select_from(Grant)) == 3


@pytest.mark.usefixtures("here")
def test_tasks_are_late_due_soon_and_done_and_follow_ups_lie_on_both_sides_of_today() -> None:
    today = clock.today(make.ZONE)
    tasks = session().scalars(select(Task)).all()
    open_days = [task.due_on for task in tasks if task.done_at is None and task.due_on]
    assert any(day < today for day in open_days)
    assert any(today <= day <= today + timedelta(days=7) for day in open_days)
    assert any(task.done_at for task in tasks)
    moments = session().scalars(select(FollowUp.at)).all()
    assert min(moments) < clock.now() < max(moments)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("model", [Contact, Source, Involvement, Person, PersonName])
def test_there_are_safe_contacts_sources_and_alleged_perpetrators(model: type[Person]) -> None:
    assert (session().scalar(select(func.count()).select_from(model)) or 0) >= 9


@pytest.mark.usefixtures("here")
def test_a_company_on_record_is_alleged_to_have_done_something_in_two_incidents_of_a_case() -> None:
    query = (
        select(Person.unit, Involvement.incident_id, Involvement.scope_id)
        .join(Involvement, Involvement.alleged_perpetrator_id == Person.id)
        .join(
            PersonScope,
            (PersonScope.person_id == Person.id) & (PersonScope.scope_id == Involvement.scope_id),
        )
    )
    rows = session().execute(query).all()
    assert [row.unit for row in rows] == [CountingUnit.COMPANY] * 2
    assert len({row.incident_id for row in rows}) == 2
    assert len({row.scope_id for row in rows}) == 1


@pytest.mark.usefixtures("here")
def test_findings_are_of_every_kind_but_none_that_says_there_was_no_violation() -> None:
    assert {Finding.YES, Finding.UNDETERMINED} <= set(_how_many(Violation.finding))


@pytest.mark.usefixtures("here")
def test_a_role_waits_for_a_second_person_and_somebody_is_invited() -> None:
    query = (
        select(User.login, Membership.role)
        .join(User, User.id == Membership.user_id)
        .where(sessions.waits(clock.now()))
    )
    assert session().execute(query).all() == [("monitor4", Role.DIRECTOR)]
    waiting = select(Proposal.action).where(Proposal.status == ProposalStatus.WAITS)
    assert session().scalars(waiting).all() == [Action.ROLE_GRANT]
    assert _how_many(User.state)[UserState.INVITED] == 1


@pytest.mark.usefixtures("here")
def test_what_people_are_told_of_happened_within_the_last_fortnight() -> None:
    oldest = session().scalar(select(func.min(Notice.made_at)).where(Notice.seen_at.is_(None)))
    assert oldest is not None
    assert clock.now() - oldest < timedelta(days=14)


@pytest.mark.usefixtures("here")
def test_its_past_is_written_in_the_order_of_time_over_two_years_and_the_trail_holds() -> None:
    moments = session().scalars(select(AuditEntry.at).order_by(AuditEntry.seq)).all()
    assert list(moments) == sorted(moments)
    assert moments[-1] - moments[0] > timedelta(days=700)
    assert moments[-1] <= clock.now()
    assert trail.verify().holds


def test_only_the_demonstration_lets_it_be_another_moment() -> None:
    sources = [*(ROOT / "hrdtracker").rglob("*.py"), ROOT / "wsgi.py", ROOT / "config.py"]
    using = [path for path in sources if "clock.as_of" in path.read_text("utf-8")]
    assert {path.parent for path in using} == {ROOT / "hrdtracker" / "cli" / "demo"}
