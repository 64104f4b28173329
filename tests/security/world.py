"""A world to try the law on: for each role, a case in each relation that one can have to a case."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

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
from hrdtracker.accounts.model import Invitation, LoginSession, Password, Throttle
from hrdtracker.audit import access_log
from hrdtracker.authorised import authorised, side_transaction
from hrdtracker.backups import epoch
from hrdtracker.backups.model import BackupPlan, BackupRun, Rehearsal, ServerEpoch
from hrdtracker.codelists.model import Term
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.incidents.model import ImportBatch
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job, JobState
from hrdtracker.people.model import Person
from tests import make
from tests.security.fund_rows import fund_of, settings_and_rates
from tests.security.relations import RELATIONS, CaseBuilder, add_person
from tests.security.rows import YEAR, filled, keep, new_compartment, new_key, sealed

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
}
"""The letters of the tables, and who stands for each role."""
IN_OPEN_OFFICE = {
    "m": "open_monitor", "d": "open_director", "f": "open_fund", "F": "open_finance",
}  # fmt: skip
SEATS = (
    (Role.MONITOR, "open_monitor"),
    (Role.DIRECTOR, "open_director"),
    (Role.FUND_OFFICER, "open_fund"),
    (Role.FINANCE_OFFICER, "open_finance"),
    (Role.MONITOR, "open_colleague"),
)
HOUR = timedelta(hours=1)
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
        with authorised(by_hand, Action.ORGANISATION_SET_UP, on=None):
            builder = CaseBuilder(letter, home())
            for name in relations or RELATIONS:
                who = make.user(World.who(letter, name))
                made.records[letter, name] = {
                    kind: row.uid for kind, row in builder.case(RELATIONS[name], who)
                }
    side_transaction(_open_one)
    return made


def _open_one() -> None:
    keys = [home().data_key_id]
    access_log.keep_openings(access_log.openings(make.actor("director"), None, {}, keys))


def _backups(of: Organisation) -> list[Any]:
    """Return rows of how backups stand, which belong to this key and to an organisation."""
    own = {"organisation_id": of.id}
    return [
        ServerEpoch(number=1, key_fingerprint=epoch.fingerprint(), began_at=clock.now()),
        filled(BackupPlan, **own),
        filled(BackupRun, **own, fault="missing"),
        filled(Rehearsal, **own),
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
        foreign = self._organisation()
        abroad = self._office(foreign, "FOR")
        for role, login in FOREIGNERS:
            self._seat(self._user(foreign, login), role, abroad)
        self._memberships(make.user("foreigner"))
        self._fund(foreign)
        for login in (*make.NAMES, *(login for _, login in SEATS), *states):
            self._sign_in(make.user(login))
        self._loose_people(foreign)
        self._imports(foreign)
        keep(filled(Throttle, key="a digest"))
        given_up = filled(Job, kind=JobKind.HOUSEKEEPING, state=JobState.DEAD)
        keep(given_up, *_backups(self.home))
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
            **{"confirmed_at": self.moment, "alone": True, **values},
        )
        keep(made)
        self.made.others[f"membership:{user.login}"] = made.uid
        return made

    def _memberships(self, foreigner: User) -> None:
        """Add roles that wait to be confirmed, in each relation to those who might."""
        waiting = {"confirmed_at": None, "alone": False}
        here, nobody = make.office(make.HERE), make.user("nobody")
        by_another = {**waiting, "proposed_by_id": make.user("admin2").id}
        rows = {"foreign": self._seat(foreigner, Role.AUDITOR, None, **waiting)}
        for letter, login in ROLES.items():
            user = make.user(login)
            by_oneself = {**waiting, "proposed_by_id": user.id}
            rows |= {
                f"of_another:{letter}": self._seat(nobody, Role.AUDITOR, here, **by_another),
                f"of_oneself:{letter}": self._seat(user, Role.AUDITOR, here, **by_another),
                f"by_oneself:{letter}": self._seat(nobody, Role.AUDITOR, here, **by_oneself),
            }
        self.made.others |= {f"membership:{name}": row.uid for name, row in rows.items()}

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
        )
        told = filled(Notice, user_id=user.id, kind=NoticeKind.MAIL_FAILS)
        keep(row, told)
        self.made.tokens[user.login] = token
        rows = {"session": row, "user": user, "notice": told}
        self.made.others |= {f"{kind}:{user.login}": each.uid for kind, each in rows.items()}

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
