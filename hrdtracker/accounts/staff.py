"""The organisation, its offices, its users and their roles."""

from dataclasses import replace
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
from hrdtracker.accounts import codes, passwords, queries, service, sessions
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, SettingsDraft, UserDraft
from hrdtracker.accounts.model import Invitation, Password
from hrdtracker.audit.receipts import SentAgain, idempotent
from hrdtracker.authorised import authorised, check_proven
from hrdtracker.codelists.load import load_codelists
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.core.sending import Sending

INVITED_FOR = timedelta(days=3)
CONFIRMERS_COUNT_FOR = timedelta(days=30)
"""How long somebody who was locked out of confirming still counts: an administrator must not get
rid of every other one and then be "the only one" the same day."""
NOT_ONESELF = N_("Somebody else must do this to your own account.")

# The organisation --------------------------------------------------------------------------------


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
        signature.actor = replace(operator, organisation_id=organisation.id)
        _add_office(organisation, draft.office)
        load_codelists()
    return organisation


def set_up(operator: Actor, draft: OrganisationDraft, first: UserDraft, password: str) -> User:
    """Make the organisation and its first administrator, who signs in with `password`.

    All of it or nothing. Raises Refused, WrongStatus where there is an organisation, TooBusy.
    """
    passwords.check_new(password, first.login)
    hashed = passwords.hash_password(password)
    with authorised(operator, Action.ORGANISATION_SET_UP, on=None) as signature:
        organisation = set_up_organisation(operator, draft)
        by_hand = replace(operator, organisation_id=organisation.id)
        signature.actor = by_hand
        user, _ = invite(by_hand, organisation, first)
        oneself = Actor(user.id, user.uid, organisation.id)
        with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
            _activate(user, hashed)
        propose_role(by_hand, user, Role.ADMINISTRATOR, None)
    return user


def change_settings(actor: Actor, organisation: Organisation, draft: SettingsDraft) -> None:
    """Change what the organisation sets for everybody."""
    with authorised(actor, Action.SETTINGS_CHANGE, on=organisation):
        organisation.name, organisation.product = draft.name.strip(), draft.product.strip()
        organisation.language, organisation.zone = draft.language, draft.zone
        organisation.factors_for, organisation.factors_by = draft.factors_for, draft.factors_by


@idempotent
def open_office(actor: Actor, organisation: Organisation, draft: OfficeDraft) -> Office:
    """Open one more office; raises Refused where its code is taken."""
    with authorised(
        actor, Action.OFFICE_CHANGE, within=organisation, sending=draft.sending
    ) as signature:
        signature.made = office = _add_office(organisation, draft)
    return office


def change_office(actor: Actor, office: Office, draft: OfficeDraft) -> None:
    """Change an office's name, what its monitors read and what the browsers of its people keep."""
    with authorised(actor, Action.OFFICE_CHANGE, on=office):
        if draft.code != office.code:
            raise Refused({"code": N_("The code stays: it stands in the codes of cases.")})
        office.name_en, office.name_km = draft.name_en.strip(), draft.name_km.strip()
        office.open_to_monitors = draft.open_to_monitors
        office.keeps_typing = draft.keeps_typing


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
        keeps_typing=draft.keeps_typing,
    )
    session().add(office)
    session().flush()
    return office


# Users -------------------------------------------------------------------------------------------


def invite(actor: Actor, organisation: Organisation, draft: UserDraft) -> tuple[User, str]:
    """Make a user and the code with which they set their password; the code is shown once.

    The same sending again is answered with a new code for the same user; the first one ends.
    """
    try:
        return _invite(actor, organisation, draft)
    except SentAgain as again:
        user = again.made
        if not isinstance(user, User) or user.state != UserState.INVITED:
            raise WrongStatus(N_("This user has set the password already.")) from again
    with authorised(actor, Action.USER_INVITE, within=organisation) as signature:
        signature.about(user)
        return user, _new_code(user)


def _invite(actor: Actor, organisation: Organisation, draft: UserDraft) -> tuple[User, str]:
    with authorised(
        actor, Action.USER_INVITE, within=organisation, sending=draft.sending
    ) as signature:
        if session().scalar(select(User.id).where(User.login == draft.login)):
            raise Refused({"login": N_("This user name is taken.")})
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
    """Return a new code for a user who is invited, or has lost the password; old ones end.

    Whoever makes a code could use it themselves. So the roles that needed a second person before
    need one again.
    """
    with authorised(actor, Action.USER_CHANGE, on=user):
        check_proven(actor, Action.USER_CHANGE)
        if user.state not in {UserState.INVITED, UserState.ACTIVE}:
            raise WrongStatus
        _check_is_another(actor, user)
        if user.state == UserState.ACTIVE and _can_be_confirmed(actor, user):
            for membership in _memberships(user, clock.now()):
                if membership.role in CONFIRMED_BY_ANOTHER:
                    membership.confirmed_at = membership.confirmed_by_id = None
                    membership.proposed_by_id, membership.alone = actor.id or None, False
        sessions.end_all(user.id)
        return _new_code(user)


def accept(code: str, password: str) -> User:
    """Set the password of whoever holds an invitation's code; raises NotFound or Refused."""
    query = (
        select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .where(
            Invitation.code_digest == codes.digest(code),
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
            User.state.in_([UserState.INVITED, UserState.ACTIVE]),
        )
    )
    row = session().execute(query).one_or_none()
    if row is None:
        sessions.note_failure(None)
        raise NotFound
    invitation, user = row
    passwords.check_new(password, user.login)
    session().rollback()
    hashed = passwords.hash_password(password)
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        lock(invitation)
        if invitation.used_at is not None or user.state in {UserState.LOCKED, UserState.LEFT}:
            raise NotFound
        invitation.used_at = clock.now()
        _activate(user, hashed)
        sessions.end_all(user.id)
    return user


STATES = {
    UserState.LOCKED: {UserState.INVITED, UserState.ACTIVE},
    UserState.ACTIVE: {UserState.LOCKED},
    UserState.LEFT: {UserState.INVITED, UserState.ACTIVE, UserState.LOCKED},
}
"""From which states a user may be brought to a state."""


def set_state(actor: Actor, user: User, state: UserState) -> None:
    """Lock, unlock or let go a user; what they are signed in with ends at once.

    Who never set a password is invited again once unlocked, and needs a new code.
    """
    with authorised(actor, Action.USER_CHANGE, on=user):
        if user.state not in STATES.get(state, set()):
            raise WrongStatus
        _check_is_another(actor, user)
        if state == UserState.ACTIVE:
            check_proven(actor, Action.USER_CHANGE)  # what gives back asks; locking never waits
        if state == UserState.ACTIVE and session().get(Password, user.id) is None:
            state = UserState.INVITED
        user.state = state
        sessions.end_all(user.id)
        _void_codes(user)
        if state == UserState.LEFT:
            moment = clock.now()
            for membership in _memberships(user, moment):
                membership.ends_at = moment


def _activate(user: User, hashed: str) -> None:
    user.state = UserState.ACTIVE
    service.set_hash(user.id, hashed)
    _void_codes(user)


def _check_is_another(actor: Actor, user: User) -> None:
    if user.id == actor.id:
        raise Refused({"": NOT_ONESELF})


def _new_code(user: User) -> str:
    _void_codes(user)
    code = codes.new_code()
    session().add(
        Invitation(
            user_id=user.id,
            code_digest=codes.digest(code),
            expires_at=clock.now() + INVITED_FOR,
        )
    )
    return code


def _void_codes(user: User) -> None:
    unused = select(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    for old in session().scalars(unused):
        old.used_at = clock.now()


# Roles -------------------------------------------------------------------------------------------


@idempotent
def propose_role(  # noqa: PLR0913 - a role is little enough to be said in full
    actor: Actor,
    user: User,
    role: Role,
    office: Office | None,
    ends_at: datetime | None = None,
    sending: Sending | None = None,
) -> Membership:
    """Give a user a role; some roles count only once a second person has confirmed them.

    So does any role that somebody gives themselves. Where nobody could confirm it, it counts at
    once, and is shown to the next who could.
    """
    with authorised(actor, Action.ROLE_PROPOSE, on=user, sending=sending) as signature:
        moment = clock.now()
        if user.state == UserState.LEFT:
            raise WrongStatus
        if ends_at is not None and ends_at <= moment:
            raise Refused({"ends_on": N_("The end must lie in the future.")})
        if any(_is_same(present, role, office) for present in _memberships(user, moment)):
            raise Refused({"role": N_("This user holds that role already.")})
        membership = Membership(
            user_id=user.id,
            office_id=office.id if office else None,
            role=role,
            starts_at=moment,
            ends_at=ends_at,
            proposed_by_id=actor.id or None,
        )
        counts = role not in CONFIRMED_BY_ANOTHER and user.id != actor.id
        if not counts and not _can_be_confirmed(actor, user):
            membership.alone, membership.confirmed_at, counts = True, moment, True
        session().add(membership)
        signature.made = membership
        if counts:
            sessions.end_all(user.id)
        return membership


def confirm_role(actor: Actor, membership: Membership) -> None:
    """Confirm a role that another person proposed for a third one."""
    with authorised(actor, Action.ROLE_CONFIRM, on=membership):
        _check_is_open(membership)
        membership.confirmed_at, membership.confirmed_by_id = clock.now(), actor.id
        membership.alone = False
        sessions.end_all(membership.user_id)


def decline_role(actor: Actor, membership: Membership) -> None:
    """End a role that waits to be confirmed; one that counts is only ended by an administrator."""
    with authorised(actor, Action.ROLE_CONFIRM, on=membership):
        _check_is_open(membership)
        if membership.confirmed_at is not None:
            raise WrongStatus
        membership.ends_at = max(clock.now(), membership.starts_at)


def end_role(actor: Actor, user: User, membership: Membership) -> None:
    """End a role now."""
    with authorised(actor, Action.ROLE_PROPOSE, on=user):
        if membership.user_id != user.id:
            raise NotFound
        _check_is_another(actor, user)
        moment = clock.now()
        if membership.ends_at is not None and membership.ends_at <= moment:
            raise WrongStatus
        membership.ends_at = max(moment, membership.starts_at)
        sessions.end_all(user.id)


def _check_is_open(membership: Membership) -> None:
    if not queries.waits(membership):
        raise WrongStatus


def _memberships(user: User, moment: datetime) -> list[Membership]:
    query = select(Membership).where(
        Membership.user_id == user.id,
        or_(Membership.ends_at.is_(None), Membership.ends_at > moment),
    )
    return list(session().scalars(query))


def _is_same(membership: Membership, role: Role, office: Office | None) -> bool:
    return membership.role == role and membership.office_id == (office.id if office else None)


def _can_be_confirmed(actor: Actor, user: User) -> bool:
    """Tell whether somebody other than these two could confirm a role, now or lately.

    For whoever holds the machine only now counts: they help where nobody is left.
    """
    moment = clock.now()
    since = moment if actor.operator else moment - CONFIRMERS_COUNT_FOR
    could_sign_in = (
        User.state == UserState.ACTIVE if actor.operator else User.state != UserState.INVITED
    )
    query = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            User.organisation_id == user.organisation_id,
            User.id.not_in([actor.id, user.id]),
            could_sign_in,
            Membership.role.in_([Role.ADMINISTRATOR, Role.DIRECTOR]),
            Membership.confirmed_at.is_not(None),
            or_(Membership.ends_at.is_(None), Membership.ends_at > since),
        )
    )
    return session().scalar(query.limit(1)) is not None
