"""The organisation, its offices, its users and their roles."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import (
    CONFIRMED_BY_ANOTHER,
    Membership,
    Office,
    Organisation,
    Role,
    User,
    UserState,
)
from hrdtracker.accounts import passwords, service, sessions
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, UserDraft
from hrdtracker.accounts.model import Invitation
from hrdtracker.authorised import authorised
from hrdtracker.codelists.load import load_codelists
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.seal import Compartment, ring

INVITED_FOR = timedelta(days=3)


def set_up_organisation(operator: Actor, draft: OrganisationDraft) -> Organisation:
    """Make the organisation, its first office and its codelists; only where there is none."""
    with authorised(operator, Action.ORGANISATION_SET_UP, on=None) as signature:
        if session().scalar(select(func.count()).select_from(Organisation)):
            raise WrongStatus
        compartment = Compartment()
        key = ring().create()
        session().add_all([compartment, key])
        session().flush()
        session().add(ring().wrap(key.id, compartment))
        organisation = Organisation(
            name=draft.name.strip(),
            language=draft.language,
            data_key_id=key.id,
            compartment_id=compartment.id,
        )
        session().add(organisation)
        session().flush()
        signature.about(organisation)
        _add_office(organisation, draft.office)
        load_codelists()
    return organisation


def open_office(actor: Actor, organisation: Organisation, draft: OfficeDraft) -> Office:
    """Open one more office; raises Refused where its code is taken."""
    with authorised(actor, Action.OFFICE_CHANGE, on=organisation):
        return _add_office(organisation, draft)


def change_office(actor: Actor, office: Office, draft: OfficeDraft) -> None:
    """Change an office's name and whether its monitors read each other's normal cases."""
    with authorised(actor, Action.OFFICE_CHANGE, on=office):
        if draft.code != office.code:
            raise Refused({"code": N_("The code stays: it stands in the codes of cases.")})
        office.name_en, office.name_km = draft.name_en.strip(), draft.name_km.strip()
        office.open_to_monitors = draft.open_to_monitors


def invite(actor: Actor, organisation: Organisation, draft: UserDraft) -> tuple[User, str]:
    """Make a user and the code with which they set their password; the code is shown once."""
    with authorised(actor, Action.USER_INVITE, on=organisation) as signature:
        if session().scalar(select(User.id).where(User.login == draft.login)):
            raise Refused({"login": N_("This user name is taken.")})
        ring().load([organisation.data_key_id])
        user = User(
            organisation_id=organisation.id,
            data_key_id=organisation.data_key_id,
            login=draft.login,
            label=draft.label.strip(),
            created_at=clock.now(),
        )
        session().add(user)
        session().flush()
        signature.about(user)
        return user, _new_code(user)


def invite_again(actor: Actor, user: User) -> str:
    """Return a new code for a user who is invited, or has lost the password; old ones end."""
    with authorised(actor, Action.USER_CHANGE, on=user):
        if user.state not in {UserState.INVITED, UserState.ACTIVE}:
            raise WrongStatus
        sessions.end_all(user.id)
        return _new_code(user)


def accept(code: str, password: str) -> User:
    """Set the password of whoever holds an invitation's code; raises NotFound or Refused."""
    query = (
        select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .where(
            Invitation.code_digest == sessions.digest(code.strip()),
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
            User.state.in_([UserState.INVITED, UserState.ACTIVE]),
        )
    )
    found = session().execute(query).one_or_none()
    if found is None:
        raise NotFound
    invitation, user = found
    passwords.check_new(password, user.login)
    session().rollback()
    hashed = passwords.hash_password(password)
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        session().refresh(invitation, with_for_update=True)
        if invitation.used_at is not None:
            raise NotFound
        invitation.used_at = clock.now()
        user.state = UserState.ACTIVE
        service.set_hash(user.id, hashed)
        sessions.end_all(user.id)
    return user


STATES = {
    UserState.LOCKED: {UserState.INVITED, UserState.ACTIVE},
    UserState.ACTIVE: {UserState.LOCKED},
    UserState.LEFT: {UserState.INVITED, UserState.ACTIVE, UserState.LOCKED},
}
"""From which states a user may be brought to a state."""


def set_state(actor: Actor, user: User, state: UserState) -> None:
    """Lock, unlock or let go a user; what they are signed in with ends at once."""
    with authorised(actor, Action.USER_CHANGE, on=user):
        if user.state not in STATES.get(state, set()):
            raise WrongStatus
        if user.id == actor.id:
            raise Refused({"": N_("Somebody else must do this to your own account.")})
        user.state = state
        sessions.end_all(user.id)
        if state == UserState.LEFT:
            moment = clock.now()
            for membership in _memberships(user, moment):
                membership.ends_at = moment


def propose_role(
    actor: Actor, user: User, role: Role, office: Office | None, ends_at: datetime | None = None
) -> Membership:
    """Give a user a role; some roles count only once a second person has confirmed them."""
    with authorised(actor, Action.ROLE_PROPOSE, on=user):
        moment = clock.now()
        if ends_at is not None and ends_at <= moment:
            raise Refused({"ends_on": N_("The end must lie in the future.")})
        if any(_is_same(held, role, office) for held in _memberships(user, moment)):
            raise Refused({"role": N_("This user holds that role already.")})
        membership = Membership(
            user_id=user.id,
            office_id=office.id if office else None,
            role=role,
            starts_at=moment,
            ends_at=ends_at,
            proposed_by_id=actor.id or None,
        )
        if role in CONFIRMED_BY_ANOTHER and not _can_be_confirmed(actor, user):
            membership.alone, membership.confirmed_at = True, moment
        session().add(membership)
        sessions.end_all(user.id)
        return membership


def confirm_role(actor: Actor, membership: Membership) -> None:
    """Confirm a role that another person proposed for a third one."""
    with authorised(actor, Action.ROLE_CONFIRM, on=membership):
        if membership.confirmed_by_id is not None or (
            membership.ends_at is not None and (membership.ends_at <= clock.now())
        ):
            raise WrongStatus
        membership.confirmed_at, membership.confirmed_by_id = clock.now(), actor.id
        membership.alone = False
        sessions.end_all(membership.user_id)


def end_role(actor: Actor, user: User, membership: Membership) -> None:
    """End a role now."""
    with authorised(actor, Action.ROLE_PROPOSE, on=user):
        if membership.user_id != user.id:
            raise NotFound
        membership.ends_at = max(clock.now(), membership.starts_at)
        sessions.end_all(user.id)


def _add_office(organisation: Organisation, draft: OfficeDraft) -> Office:
    taken = select(Office.id).where(
        Office.organisation_id == organisation.id, Office.code == draft.code
    )
    if session().scalar(taken):
        raise Refused({"code": N_("Another office has this code.")})
    compartment = Compartment()
    session().add(compartment)
    session().flush()
    office = Office(
        organisation_id=organisation.id,
        compartment_id=compartment.id,
        code=draft.code,
        name_en=draft.name_en.strip(),
        name_km=draft.name_km.strip(),
        open_to_monitors=draft.open_to_monitors,
    )
    session().add(office)
    session().flush()
    return office


def _new_code(user: User) -> str:
    moment = clock.now()
    unused = select(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    for old in session().scalars(unused):
        old.used_at = moment
    code = secrets.token_urlsafe(16)
    session().add(
        Invitation(
            user_id=user.id, code_digest=sessions.digest(code), expires_at=moment + INVITED_FOR
        )
    )
    return code


def _memberships(user: User, moment: datetime) -> list[Membership]:
    query = select(Membership).where(
        Membership.user_id == user.id,
        or_(Membership.ends_at.is_(None), Membership.ends_at > moment),
    )
    return list(session().scalars(query))


def _is_same(held: Membership, role: Role, office: Office | None) -> bool:
    return held.role == role and held.office_id == (office.id if office else None)


def _can_be_confirmed(actor: Actor, user: User) -> bool:
    """Tell whether somebody other than these two could confirm a role."""
    query = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            User.organisation_id == user.organisation_id,
            User.state == UserState.ACTIVE,
            User.id.not_in([actor.id, user.id]),
            Membership.role.in_([Role.ADMINISTRATOR, Role.DIRECTOR]),
            sessions.in_force(clock.now()),
        )
    )
    return session().scalar(query.limit(1)) is not None
