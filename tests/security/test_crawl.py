"""A walk through every page as everybody: no word is shown of what the reader may not see."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scoped, User
from hrdtracker.accounts.model import Proposal
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.seal import Keyring, sealed_attributes
from hrdtracker.fund.model import (
    Acquittal,
    Complaint,
    Decision,
    Donor,
    DonorGrant,
    Payment,
    RequestItem,
    SupportOutcome,
    SupportRequest,
    Verification,
    Voucher,
)
from hrdtracker.incidents.model import Incident, Involvement, Source, Violation
from hrdtracker.people.minors import may_have_been_minors
from hrdtracker.people.model import AgeStatement, Contact, Person, PersonName
from hrdtracker.proceedings.model import Hearing, HearingAnswer, Proceeding
from hrdtracker.tables import MODELS
from tests import make
from tests.security.rows import MARK
from tests.security.trace import CANARY
from tests.security.visits import Visits, matrix
from tests.security.world import ROLES, home

pytestmark = pytest.mark.engines("sqlite")
LINK = re.compile(r'(?:href|hx-get)="(/[^"]*)"')
PAGES_MOST = 640
PLACES = {"any", "own", "office", "secret", "unsent"}
READERS = ["monitor", "director", "national", "fund", "auditor", "admin", "stranger", "nobody"]
WITHOUT_CASES = {"fund", "auditor", "admin", "nobody"}
READ_BY = {
    Proceeding: Action.PROCEEDING_READ,
    Incident: Action.INCIDENT_READ,
    Person: Action.PERSON_READ,
    Contact: Action.CONTACT_READ,
    Source: Action.SOURCE_IDENTIFY,
    SupportRequest: Action.FUND_REQUEST_READ,
    Payment: Action.FUND_PAYMENT_READ,
    Complaint: Action.FUND_COMPLAINT_READ,
    Donor: Action.FUND_DONOR_READ,
    Hearing: Action.PROCEEDING_READ,
    HearingAnswer: Action.PROCEEDING_READ,
    DonorGrant: Action.FUND_DONOR_READ,
}
"""The verb that shows the sealed words of a record; for all else of a case, reading the case."""

OF_A_REQUEST = {RequestItem, Verification, Decision, Acquittal, SupportOutcome}
OF_THE_FUND = {
    model.__tablename__
    for model in (SupportRequest, Payment, Voucher, Complaint, Donor, DonorGrant, *OF_A_REQUEST)
}
"""What whoever decides on money reads, of the requests of their office; never of its cases."""


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    return Visits(world_app, world_template.world)


def _may_see(login: str) -> set[str]:
    """Return the uids of every record whose sealed words this user may read."""
    actor = make.actor(login)
    found: set[UUID] = set(
        session().scalars(select(User.uid).where(User.organisation_id == home().id))
    )
    for model in MODELS:
        if sealed_attributes(model):
            found |= set(session().scalars(_visible(actor, model)))
    found |= set(session().scalars(_asked_of(actor))) | _vouchers(actor)
    return {uid.hex for uid in found}


def _vouchers(actor: Actor) -> set[UUID]:
    """Return what stands behind entries of payments that they may see, and of no case."""
    payments = policy.visible(actor, Action.FUND_PAYMENT_READ, Payment)
    requests = policy.visible(actor, Action.FUND_REQUEST_READ, SupportRequest)
    of_them = select(Payment.id).where(
        or_(
            Payment.id.in_(payments.with_only_columns(Payment.id)),
            Payment.request_id.in_(requests.with_only_columns(SupportRequest.id)),
        )
    )
    seen = or_(Voucher.payment_id.in_(of_them), Voucher.id.in_(_of_no_case(actor)))
    return set(session().scalars(select(Voucher.uid).where(seen)))


def _of_no_case(actor: Actor) -> Any:
    witnessed = policy.visible(actor, Action.FUND_WITNESS, Voucher)
    return witnessed.with_only_columns(Voucher.id).where(Voucher.scope_id.is_(None))


def _asked_of(actor: Actor) -> Any:
    """Return the blocks of which somebody asks this actor, in words, whether they must be."""
    asked = policy.visible(actor, Action.PROPOSAL_CONFIRM, Proposal).where(
        Proposal.action == Action.CASE_APPEAL
    )
    return asked.with_only_columns(Proposal.subject_uid)


def _visible(actor: Actor, model: Any) -> Any:
    if model in {Violation, Involvement}:
        read = policy.visible(actor, Action.INCIDENT_READ, Incident).with_only_columns(Incident.id)
        return select(model.uid).where(model.incident_id.in_(read))
    if model in {PersonName, AgeStatement}:
        people = policy.visible(actor, Action.PERSON_READ, Person).with_only_columns(Person.id)
        return select(model.uid).where(model.person_id.in_(people))
    if model in OF_A_REQUEST:
        requests = policy.visible(actor, Action.FUND_REQUEST_READ, SupportRequest)
        asked = requests.with_only_columns(SupportRequest.id)
        return select(model.uid).where(model.request_id.in_(asked))
    action = READ_BY.get(model)
    if action is None and not issubclass(model, Scoped):
        return select(model.uid).where(model.id == 0)
    return policy.visible(actor, action or Action.CASE_READ, model).with_only_columns(model.uid)


@dataclass
class Walked:
    """What somebody was shown: the canaries of each page, and the tables whose words it needed."""

    shown: dict[str, set[str]] = field(default_factory=dict)
    unsealed: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def walked(visits: Visits) -> Callable[[str], Walked]:
    """Return what tells of the walk of each reader; everybody walks once."""

    @cache
    def walk(login: str) -> Walked:
        there, real = Walked(), Keyring.unseal

        with visits.app.app_context(), unit_of_work(make.open_session(visits.app)):
            free = set(session().scalars(select(Voucher.uid).where(Voucher.scope_id.is_(None))))

        def unseal(self: Keyring, key_id: int, place: bytes, sealed: bytes) -> str:
            table, _, uid = place.decode().split("\0")
            if UUID(uid) not in free:  # what belongs to no case
                there.unsealed.add(table)
            return real(self, key_id, place, sealed)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Keyring, "unseal", unseal)
            there.shown = {path: set(CANARY.findall(text)) for path, text in _walk(visits, login)}
        return there

    return walk


def _walk(visits: Visits, login: str) -> Iterator[tuple[str, str]]:
    """Yield pages and what they say: those of the matrix, and all that they link to."""
    letter = next((key for key, name in ROLES.items() if name == login), "m")
    waiting, seen = ["/", *_addresses(visits, letter, login)], set[str]()
    while waiting and len(seen) < PAGES_MOST:
        path = waiting.pop(0)
        if path in seen or path.startswith(("/static", "/styleguide")):
            continue
        seen.add(path)
        text = visits.browser(login).get(path).get_data(as_text=True)
        yield path, text
        waiting += [unescape(link).split("#")[0] for link in LINK.findall(text)]


def _addresses(visits: Visits, letter: str, login: str) -> Iterator[str]:
    for line in matrix():
        for place, _ in line.cells:
            values = line.values(visits.world, letter, place, login)
            if line.method == "GET" and values is not None and place in PLACES:
                yield visits.address(line, values)


@pytest.mark.parametrize("login", READERS)
def test_no_page_shows_a_word_of_what_the_reader_may_not_see(
    login: str, visits: Visits, walked: Callable[[str], Walked]
) -> None:
    with visits.app.app_context(), unit_of_work(make.open_session(visits.app)):
        may_see = _may_see(login)
    pages = walked(login).shown
    assert {path: shown - may_see for path, shown in pages.items() if shown - may_see} == {}
    assert any(shown & may_see for shown in pages.values()) or login in WITHOUT_CASES


@pytest.mark.parametrize("login", READERS)
def test_no_page_that_is_opened_shows_the_name_of_whoever_may_have_been_under_18(
    login: str, visits: Visits, walked: Callable[[str], Walked]
) -> None:
    with visits.app.app_context(), unit_of_work(make.open_session(visits.app)):
        numbers = set(session().scalars(select(Person.id)))
        masked = PersonName.person_id.in_(may_have_been_minors(numbers))
        names = {uid.hex for uid in session().scalars(select(PersonName.uid).where(masked))}
    assert names, "everybody of the world is grown up"
    assert {path for path, shown in walked(login).shown.items() if shown & names} == set()


@pytest.mark.parametrize("login", sorted(WITHOUT_CASES))
def test_a_walk_without_case_work_unseals_nothing_of_any_case(
    login: str, walked: Callable[[str], Walked]
) -> None:
    there = walked(login)
    assert len(there.shown) > 50
    assert there.unsealed <= {User.__tablename__} | (OF_THE_FUND if login == "fund" else set())


@pytest.mark.parametrize("login", READERS)
def test_a_search_by_name_finds_only_people_one_may_see(login: str, visits: Visits) -> None:
    with visits.app.app_context(), unit_of_work(make.open_session(visits.app)):
        visible = policy.visible(make.actor(login), Action.PERSON_READ, Person)
        may_see = {str(person.uid) for person in session().scalars(visible)}
    answer = visits.browser(login).post("/people/search", {"name": MARK})
    found = set(re.findall(r"/people/([0-9a-f-]{36})", answer.get_data(as_text=True)))
    assert found <= may_see
    assert found or login in WITHOUT_CASES


def test_the_walk_reaches_lists_and_single_records(walked: Callable[[str], Walked]) -> None:
    paths = list(walked("director").shown)
    assert len(paths) == PAGES_MOST
    for start in ("/cases/", "/incidents/", "/people/", "/review"):
        assert any(path.startswith(start) for path in paths), start


@pytest.mark.parametrize(
    ("method", "path", "record"),
    [
        ("GET", "/admin/users/{}", "user:foreigner"),
        ("POST", "/confirmations/{}/confirm", "proposal:foreign"),
    ],
)
def test_an_auditor_reads_who_reached_into_another_organisation_and_not_for_whom(
    method: str, path: str, record: str, visits: Visits
) -> None:
    visits.put_back()
    admin, auditor = visits.browser("admin"), visits.browser("auditor")
    send = admin.get if method == "GET" else admin.post
    assert send(path.format(visits.world.others[record])).status_code == 404
    auditor.get("/audit?outcome=refused")
    assert "Refused Admin" in auditor.text
    assert visits.world.others["user:foreigner"].hex not in auditor.page, "it stands in the label"
