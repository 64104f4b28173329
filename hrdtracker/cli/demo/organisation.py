"""The invented organisation: its offices, its people, and what they have done since it began."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import Membership, Office, Organisation, Role, User
from hrdtracker.accounts import assignments, proposals, queries, roles, staff
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, SecondDraft, UserDraft
from hrdtracker.cli.demo import background
from hrdtracker.cli.demo.cases import DemoCase
from hrdtracker.cli.demo.courts import DemoCourt
from hrdtracker.cli.demo.fund import DemoFund
from hrdtracker.cli.demo.people import DemoPeople
from hrdtracker.cli.demo.timeline import Cast, Timeline, read_file
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.seal import ring
from hrdtracker.duty.model import DutyDay
from hrdtracker.duty.service import DayChange, offer, set_days
from hrdtracker.notices.queries import unseen
from hrdtracker.notices.service import see
from hrdtracker.proceedings.checklists.load import load_first_checklist
from hrdtracker.proceedings.legal_rules.drafts import ReviewDraft
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.queries import versions
from hrdtracker.proceedings.legal_rules.service import propose_review

OFFICES = (
    OfficeDraft("PNH", "Phnom Penh", "ភ្នំពេញ"),
    OfficeDraft("SRP", "Siem Reap", "សៀមរាប", open_to_monitors=True),
    OfficeDraft("BTB", "Battambang", "បាត់ដំបង"),
)
FIRST = ("admin", "Administrator 1")
SECOND = ("admin2", "Administrator 2")
PEOPLE = (
    # user name, what colleagues call them, role, office (none is the whole organisation)
    ("national", "National director", Role.DIRECTOR, None),
    ("director", "Director, Phnom Penh", Role.DIRECTOR, "PNH"),
    ("director2", "Director, Siem Reap", Role.DIRECTOR, "SRP"),
    ("monitor", "Monitor 1", Role.MONITOR, "PNH"),
    ("monitor2", "Monitor 2", Role.MONITOR, "PNH"),
    ("monitor3", "Monitor 3", Role.MONITOR, "SRP"),
    ("monitor4", "Monitor 4", Role.MONITOR, "BTB"),
    ("fund", "Fund officer", Role.FUND_OFFICER, "PNH"),
    ("finance", "Finance officer", Role.FINANCE_OFFICER, None),
    ("auditor", "Auditor", Role.AUDITOR, None),
    ("legal", "Legal officer", Role.LEGAL_OFFICER, None),
    ("board", "For the board", None, None),
)
REVIEWERS = {"PNH": "director", "SRP": "director2", "BTB": "national"}
"""Who reviews what an office sends; the third has no director of its own."""
CONFIRMS_THE_BEGINNING = "national"
"""Who confirms, as the second person, what was set up before anybody could: who administers, and
which offices are open."""
INVITED = ("monitor5", "Monitor 5")
UNCONFIRMED = ("monitor4", "BTB")
"""Whom a second person still has to confirm as director of that office."""
READS_MAIL = "admin2"
ON_DUTY, DUTY = "PNH", ("monitor", "monitor", "monitor2", "director")
"""The office whose duty is set, and who has it, day by day."""
REVIEWED, LAWYER, REVIEWED_DAYS_AGO = "custody_base", "Advocate A. (invented)", 20
"""The one rule of law that a lawyer has reviewed here."""
BEGAN = timedelta(days=2 * 365)
UNDERSTOOD_DAYS_AGO = (BEGAN.days - 1, background.BEGAN_DAYS_AGO + 1)
"""When everybody understood all that they had been told of until then."""
WORDS = (
    "amber", "basket", "bridge", "candle", "canoe", "carpet", "cedar", "clover", "copper", "cotton",
    "drum", "feather", "ferry", "garden", "ginger", "harbour", "harvest", "kettle", "ladder",
    "lantern", "lemon", "marble", "meadow", "melon", "mirror", "needle", "orchard", "paddle",
    "pepper", "pillow", "pottery", "rabbit", "river", "saddle", "sandal", "silver", "spoon",
    "teapot", "thread", "tunnel", "velvet", "village", "walnut", "willow", "window",
)  # fmt: skip


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration; without an office it is for the whole organisation."""

    user_name: str
    password: str
    role: str
    office: str


def fill() -> list[DemoAccount]:
    """Set up the invented organisation, play its past, and return everybody’s accounts."""
    with clock.as_of(clock.now() - BEGAN):
        accounts, organisation = _set_up()
    everybody = session().scalars(select(User)).all()
    users = {user.login: user for user in everybody}
    actors = assignments.actors_of(everybody)
    admin = actors[users[FIRST[0]].id]
    offices = {office.code: office for office in queries.offices(admin)}
    by_login = {login: actors[user.id] for login, user in users.items()}
    timeline = Timeline(Cast(by_login, offices, REVIEWERS, ZoneInfo(organisation.zone)))
    _schedule_cases(timeline, organisation)
    login, code = UNCONFIRMED
    yesterday = timeline.ago(1)
    timeline.schedule(yesterday, lambda: staff.invite(admin, organisation, UserDraft(*INVITED)))
    timeline.schedule(
        yesterday, lambda: roles.propose_role(admin, users[login], Role.DIRECTOR, offices[code])
    )
    timeline.schedule(timeline.ago(REVIEWED_DAYS_AGO), lambda: _review(by_login, timeline))
    timeline.schedule(timeline.ago(1), lambda: _set_duty(by_login, offices[ON_DUTY], timeline))
    background.schedule(timeline, organisation, by_login[READS_MAIL])
    for days in UNDERSTOOD_DAYS_AGO:
        timeline.schedule(timeline.ago(days), lambda: _understand(by_login.values()))
    timeline.play()
    return accounts


def _set_duty(by_login: Mapping[str, Actor], office: Office, timeline: Timeline) -> None:
    """Let the director say who is on duty for a week, of whom one asks another to take over."""
    first = timeline.played_day()
    who = [by_login[login].uid for login in (*DUTY, *DUTY)]
    days = {first + timedelta(days=number): DayChange(None, uid) for number, uid in enumerate(who)}
    set_days(by_login["director"], office, days)
    asked = session().scalars(select(DutyDay).where(DutyDay.day == first + timedelta(days=2))).one()
    offer(by_login[DUTY[2]], asked, by_login[DUTY[0]].uid)


def _review(by_login: Mapping[str, Actor], timeline: Timeline) -> None:
    """Let a lawyer who is invented stand for one rule, as the legal officer and another say."""
    legal = by_login["legal"]
    review = ReviewDraft(LAWYER, timeline.played_day())
    proposal = propose_review(legal, versions(legal, REVIEWED)[0], review)
    seen = queries.organisation_of(proposal).rules_version
    proposals.confirm(by_login[SECOND[0]], proposal, str(seen))


def _understand(actors: Iterable[Actor]) -> None:
    for actor in actors:
        while notices := unseen(actor):
            see(actor, notices[0].uid)


def _schedule_cases(timeline: Timeline, organisation: Organisation) -> None:
    """Schedule what happened in each case, and what the fund did for some of its people."""
    file = read_file("cases.toml")
    people = DemoPeople(file["people"])
    for case in file["case"]:
        shown = DemoCase(timeline, people, case)
        shown.schedule()
        for court in case.get("court", ()):
            DemoCourt(shown, court).schedule()
    DemoFund(timeline, people, organisation).schedule()


def _set_up() -> tuple[list[DemoAccount], Organisation]:
    """Make the organisation, its offices and its people, each with a password."""
    login, label = FIRST
    password = _password()
    organisation_draft = OrganisationDraft("Invented Rights Organisation", "en", OFFICES[0])
    second_draft = SecondDraft(UserDraft(*SECOND), Role.ADMINISTRATOR)
    first, second, code = organisations.set_up(
        operator(), organisation_draft, UserDraft(login, label), password, second_draft
    )
    organisation = session().get_one(Organisation, first.organisation_id)
    ring().load([organisation.data_key_id])
    load_rules(operator(organisation.id), organisation)
    load_first_checklist(operator(organisation.id), organisation)
    admin = assignments.actor_of(first)
    second_password = _password()
    staff.accept(code, second_password)
    accounts = [
        DemoAccount(login, password, Role.ADMINISTRATOR, ""),
        DemoAccount(SECOND[0], second_password, Role.ADMINISTRATOR, ""),
    ]
    for draft in OFFICES[1:]:
        organisations.open_office(admin, organisation, draft)
    offices = {office.code: office for office in queries.offices(admin)}
    for login, label, role, place in PEOPLE:
        password = _password()
        user = _add(admin, organisation, UserDraft(login, label), password)
        if role is not None:
            membership = roles.propose_role(admin, user, role, offices.get(place or ""))
            _confirm(second, membership)
        if login == CONFIRMS_THE_BEGINNING:
            for subject in (*session().scalars(select(Membership)), *offices.values()):
                _confirm(user, subject)
        accounts.append(DemoAccount(login, password, role or "board", place or ""))
    return accounts, organisation


def _confirm(second: User, subject: Entity) -> None:
    """Let a second person confirm what waits about a record, if anything does."""
    proposal = proposals.waiting_for(subject)
    if proposal is not None:
        proposals.confirm(assignments.actor_of(second), proposal)


def _add(admin: Actor, organisation: Organisation, draft: UserDraft, password: str) -> User:
    """Invite somebody, who accepts at once."""
    _, code = staff.invite(admin, organisation, draft)
    return staff.accept(code, password)


def _password() -> str:
    """Return four words that nobody guesses and everybody can type."""
    return "-".join(secrets.choice(WORDS) for _ in range(4))
