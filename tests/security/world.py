"""A world to try the law on: for each role, a case in each relation that one can have to a case."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import (
    Membership,
    Office,
    Organisation,
    Role,
    Submission,
    User,
    UserState,
)
from hrdtracker.accounts import codes, sessions
from hrdtracker.accounts.model import (
    AuthenticatorApp,
    CalendarFeed,
    DueMail,
    FactorChallenge,
    HeldForm,
    Invitation,
    LoginSession,
    Passkey,
    Password,
    Proposal,
    RecoveryCode,
    Throttle,
)
from hrdtracker.audit import access_log
from hrdtracker.audit.model import RefusalWindow
from hrdtracker.authorised import authorised, side_transaction
from hrdtracker.backups import epoch
from hrdtracker.backups.model import BackupPlan, BackupRun, OlderWord, Rehearsal, ServerEpoch
from hrdtracker.codelists.model import Term
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.incidents.model import ImportBatch
from hrdtracker.insight.model import Measure, UnusualReading
from hrdtracker.lockdown.model import KeyHolder, ServerLock
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job, JobState
from hrdtracker.people.model import Person, SearchCount
from tests import make
from tests.security.duty_rows import duty_of
from tests.security.fund_rows import fund_of, settings_and_rates
from tests.security.law_rows import DECREE, law_of
from tests.security.relations import RELATIONS, CaseBuilder, add_person
from tests.security.rows import YEAR, filled, keep, new_compartment, new_key, sealed, together

OPEN = "OPN"
"""The office that lets its monitors read its normal cases."""
ROLES = {
    "m": "monitor",
    "d": "director",
    "n": "national",
    "f": "fund",
    "F": "finance",
    "a": "auditor",
    "A": "admin",
    "l": "legal",
}
"""The letters of the tables, and who stands for each role."""
IN_OPEN_OFFICE = {
    "m": "open_monitor", "d": "open_director", "f": "open_fund", "F": "open_finance",
    "l": "open_legal",
}  # fmt: skip
WAITING = "to_be_confirmed"
"""Who is to be a monitor once a second person confirms it."""
SEATS = (
    (Role.MONITOR, "open_monitor"),
    (Role.DIRECTOR, "open_director"),
    (Role.FUND_OFFICER, "open_fund"),
    (Role.FINANCE_OFFICER, "open_finance"),
    (Role.LEGAL_OFFICER, "open_legal"),
    (Role.MONITOR, "open_colleague"),
)
HOUR = timedelta(hours=1)
HALF = "half signed in"
"""Whose password was given, and whose second factor is still to be shown; and the token of that."""
FOREIGNERS = (
    (Role.MONITOR, "foreigner"),
    (Role.DIRECTOR, "foreign_director"),
    (Role.ADMINISTRATOR, "foreign_admin"),
)


SOME_TERM = select(Term.uid).where(Term.list == "platform").limit(1)


@dataclass
class World:
    """The uids of everything, by who looks and how they stand to it, and the tokens to sign in."""

    records: dict[tuple[str, str], dict[str, UUID]] = field(default_factory=dict)
    others: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def who(letter: str, relation: str) -> str:
        """Return the user name of who stands for a role towards a relation's case."""
        if relation in {"open_office", "open_restricted"}:
            return IN_OPEN_OFFICE.get(letter, ROLES[letter])
        return ROLES[letter]


def home() -> Organisation:
    """Return the organisation of the cast; there is another one here."""
    return session().get_one(Organisation, make.user("admin").organisation_id)


def build_world(*relations: str) -> World:
    """Add the world, or cases in only some relations, to a database with the cast.

    Inside a unit of work.
    """
    made, by_hand = World(), operator(home().id)
    ring().load([home().data_key_id])
    with authorised(by_hand, Action.ORGANISATION_SET_UP, on=None):
        _Builder(made).people_and_offices()
    for letter in ROLES:
        with authorised(by_hand, Action.ORGANISATION_SET_UP, on=None), together():
            builder = CaseBuilder(letter, home())
            for name in relations or RELATIONS:
                who = make.user(World.who(letter, name))
                made.records[letter, name] = {
                    kind: row.uid for kind, row in builder.case(RELATIONS[name], who)
                }
    if ("n", "own") in made.records:  # about the only national director: the board hears it
        made.others["complaint:of_director"] = made.records["n", "own"]["complaint_carried"]
    side_transaction(_open_one)
    return made


def _open_one() -> None:
    keys = [home().data_key_id]
    access_log.keep_openings(access_log.openings(make.actor("director"), None, {}, keys))


def _backups(of: Organisation) -> list[Any]:
    """Return rows of backups and of locks, which belong to this key and to an organisation."""
    own = {"organisation_id": of.id}
    return [
        ServerEpoch(number=1, key_fingerprint=epoch.fingerprint(), began_at=clock.now()),
        filled(BackupPlan, **own),
        filled(BackupRun, **own, fault="missing"),
        filled(Rehearsal, **own),
        filled(KeyHolder, **own, user_id=make.user("admin").id, lock_name="00"),
        filled(ServerLock, **own, unlocked_at=clock.now()),
        filled(OlderWord, **own, reason="restored", said_by_id=make.user("board").id),
    ]


class _Builder:
    """Makes everything but the cases; in an open door."""

    def __init__(self, made: World) -> None:
        self.made = made
        self.home = home()
        self.moment = clock.now()

    def people_and_offices(self) -> None:
        """Add the open office with its people, another organisation, users in every state."""
        office = self._office(self.home, OPEN, open_to_monitors=True)
        for role, login in SEATS:
            self._seat(self._user(self.home, login), role, office)
        states = {f"state_{state}": state for state in UserState}
        for login, state in states.items():
            self._seat(self._user(self.home, login, state), Role.MONITOR, make.office(make.HERE))
        waiting = {"confirmed_at": None, "counts_since": None, "alone": False}
        newcomer = self._user(self.home, WAITING)
        self._seat(newcomer, Role.MONITOR, make.office(make.HERE), **waiting)
        foreign = self._organisation()
        abroad = self._office(foreign, "FOR")
        for role, login in FOREIGNERS:
            self._seat(self._user(foreign, login), role, abroad)
        self._proposals(foreign, make.user("foreigner"))
        self._fund(foreign)
        for login in (*make.NAMES, *(login for _, login in SEATS), *states, WAITING):
            self._sign_in(make.user(login))
        self._loose_people(foreign)
        self._imports(foreign)
        keep(
            filled(Throttle, key="a digest"),
            filled(RefusalWindow, actor_uid=uuid4(), action="case.read"),
        )
        read = {"user_id": make.user("monitor").id, "measure": Measure.PAGES_DAY}
        keep(filled(SearchCount, user_id=read["user_id"], part=1), filled(UnusualReading, **read))
        self.made.others |= law_of("home", self.home) | law_of("foreign", foreign)
        everybody = {letter: make.user(login) for letter, login in ROLES.items()}
        here = make.office(make.HERE)
        self.made.others |= duty_of(self.home, here, everybody, make.user("colleague"))
        foreigner = make.user("foreigner")
        self.made.others |= duty_of(foreign, abroad, everybody, foreigner, "_foreign")
        given_up = filled(Job, kind=JobKind.HOUSEKEEPING, state=JobState.DEAD)
        keep(given_up, *_backups(self.home))
        self._second_factor(make.user("board"))
        self.made.others |= {
            "organisation:home": self.home.uid,
            "organisation:foreign": foreign.uid,
            "office:home": make.office(make.HERE).uid,
            "office:other": make.office(make.THERE).uid,
            "office:foreign": abroad.uid,
            "term:platform": session().scalars(SOME_TERM).one(),
            "job:given_up": given_up.uid,
        }

    def _organisation(self) -> Organisation:
        compartment = new_compartment()
        made: Organisation = filled(
            Organisation, compartment_id=compartment.id, data_key_id=new_key(compartment)
        )
        keep(made)
        return made

    def _office(self, of: Organisation, code: str, *, open_to_monitors: bool = False) -> Office:
        made: Office = filled(
            Office,
            organisation_id=of.id,
            compartment_id=new_compartment().id,
            code=code,
            open_to_monitors=open_to_monitors,
        )
        keep(made)
        return made

    def _user(self, of: Organisation, login: str, state: UserState = UserState.ACTIVE) -> User:
        about = {"organisation_id": of.id, "login": login, "state": state}
        made: User = sealed(User, of.data_key_id, **about, created_at=self.moment)
        keep(made)
        mine = {"user_id": made.id}
        keep(
            filled(Password, **mine, hash="no hash"),
            filled(
                Invitation,
                **mine,
                code_digest=codes.digest(f"code of {login}"),
                expires_at=self.moment + YEAR,
            ),
            filled(Submission, **mine, made_table="user_account", made_uid=made.uid),
        )
        self.made.others[f"user:{login}"] = made.uid
        return made

    def _seat(self, user: User, role: Role, office: Office | None, **values: Any) -> Membership:
        made = Membership(
            user_id=user.id,
            office_id=office.id if office else None,
            role=role,
            starts_at=self.moment,
            **{"confirmed_at": self.moment, "counts_since": self.moment, "alone": True, **values},
        )
        keep(made)
        self.made.others[f"membership:{user.login}"] = made.uid
        return made

    def _proposals(self, foreign: Organisation, foreigner: User) -> None:
        """Add what takes two, in each relation to those who might confirm it."""
        waiting = {"confirmed_at": None, "counts_since": None, "alone": False}
        self._seat(foreigner, Role.AUDITOR, None, **waiting)
        nobody = self._seat(make.user("nobody"), Role.AUDITOR, make.office(make.HERE), **waiting)
        colleague = make.user("colleague").id
        here, there = make.office(make.HERE).id, make.office(make.THERE).id
        rows = {
            "role": self._proposal(Action.ROLE_GRANT, nobody, user_id=colleague, office_id=here),
            "office_here": self._proposal(Action.OFFICE_OPEN_UP, nobody, office_id=here),
            "office_there": self._proposal(Action.OFFICE_OPEN_UP, nobody, office_id=there),
            "fund": self._proposal(Action.FUND_SETTINGS_CHANGE, nobody, office_id=here),
            "law_by_admin": self._proposal(Action.LAW_CHANGE, nobody, change=DECREE),
            "law_by_legal": self._proposal(
                Action.LAW_CHANGE,
                nobody,
                proposed_by_id=make.user("open_legal").id,
                change=DECREE,
            ),
            "foreign": self._proposal(
                Action.ROLE_GRANT, nobody, organisation_id=foreign.id, user_id=foreigner.id
            ),
        }
        waits = {"counts_from": self.moment + YEAR}
        rows["waits_untold"] = self._proposal(Action.LIMITS_CHANGE, nobody, **waits)
        stranger = make.user("stranger").id
        for letter, login in (*ROLES.items(), ("second", "second")):
            user = make.user(login)
            user.let_in_by_id = stranger
            grant = {"user_id": colleague, "office_id": here}
            rows |= {
                f"of_oneself:{letter}": self._proposal(Action.ROLE_GRANT, nobody, user_id=user.id),
                f"by_oneself:{letter}": self._proposal(
                    Action.ROLE_GRANT, nobody, **{**grant, "proposed_by_id": user.id}
                ),
                f"let_in:{letter}": self._proposal(
                    Action.ROLE_GRANT, nobody, user_id=colleague, proposed_by_id=stranger
                ),
                f"told:{letter}": self._proposal(Action.LIMITS_CHANGE, nobody),
                f"waits:{letter}": self._proposal(Action.LIMITS_CHANGE, nobody, **waits),
            }
            for name in ("told", "waits"):
                about = {"about_table": "proposal", "about_uid": rows[f"{name}:{letter}"].uid}
                keep(filled(Notice, user_id=user.id, kind=NoticeKind.PROPOSED, **about))
        self.made.others |= {f"proposal:{name}": row.uid for name, row in rows.items()}

    def _proposal(self, action: Action, subject: Membership, **values: Any) -> Proposal:
        made = Proposal(
            **{
                "organisation_id": self.home.id,
                "action": action,
                "subject_type": subject.__tablename__,
                "subject_uid": subject.uid,
                "change": "{}",
                "proposed_by_id": make.user("admin2").id,
                "proposed_at": self.moment,
                "lapses_at": self.moment + YEAR,
                **values,
            }
        )
        keep(made)
        return made

    def _fund(self, foreign: Organisation) -> None:
        """Add the fund of both organisations."""
        given = settings_and_rates(self.home, make.user("admin"))
        self.made.others["delegation:home"] = given.uid
        for place, of in (("home", self.home), ("foreign", foreign)):
            found = fund_of(of)
            self.made.others |= {f"{kind}:{place}": row.uid for kind, row in found.items()}

    def _sign_in(self, user: User) -> None:
        token = f"token of {user.login}"
        row = LoginSession(
            user_id=user.id,
            token_digest=sessions.digest(token),
            device="Test",
            began_at=self.moment,
            seen_at=self.moment + HOUR,  # no sign of life is due while the tests run
            proven_at=self.moment + HOUR,  # nor another proof
        )
        told = filled(Notice, user_id=user.id, kind=NoticeKind.MAIL_FAILS)
        keep(row, told)
        self.made.tokens[user.login] = token
        rows = {"session": row, "user": user, "notice": told}
        self.made.others |= {f"{kind}:{user.login}": each.uid for kind, each in rows.items()}

    def _second_factor(self, user: User) -> None:
        """Add an app, a recovery code, and what waits in a session for one of them."""
        key_id, mine = self.home.data_key_id, {"user_id": user.id}
        here = select(LoginSession.id).where(LoginSession.user_id == user.id)
        number = session().scalars(here).one()
        keep(
            sealed(AuthenticatorApp, key_id, **mine, confirmed_at=self.moment),
            filled(RecoveryCode, **mine),
            sealed(HeldForm, key_id, session_id=number),
        )
        keep(filled(CalendarFeed, **mine), filled(DueMail, **mine))
        key = filled(Passkey, **mine)
        keep(key, filled(FactorChallenge, session_id=number, purpose="prove"))
        self.made.others["passkey:board"] = key.uid
        half = LoginSession(
            **mine,
            token_digest=sessions.digest(HALF),
            device="Test",
            began_at=self.moment + HOUR,
            seen_at=self.moment + HOUR,
        )
        keep(half)
        self.made.tokens[HALF], self.made.others[f"user:{HALF}"] = HALF, user.uid

    def _loose_people(self, foreign: Organisation) -> None:
        """Add people who are in no case, recorded by each role."""
        for letter, login in ROLES.items():
            user = make.user(login)
            self.made.others |= {
                f"person:own:{letter}": self._person(self.home, user).uid,
                f"person:foreign:{letter}": self._person(foreign, user).uid,
            }
        self.made.others["person:other"] = self._person(self.home, make.user("colleague")).uid

    def _imports(self, foreign: Organisation) -> None:
        """Add imports made by each role, and by somebody else."""
        for name, (of, login) in {
            **{f"own:{letter}": (self.home, login) for letter, login in ROLES.items()},
            **{f"foreign:{letter}": (foreign, login) for letter, login in ROLES.items()},
            "other": (self.home, "colleague"),
        }.items():
            row = filled(ImportBatch, organisation_id=of.id, recorded_by_id=make.user(login).id)
            keep(row)
            self.made.others[f"import:{name}"] = row.uid

    def _person(self, of: Organisation, by: User) -> Person:
        return add_person(of, by, session().get_one(Compartment, of.compartment_id))
