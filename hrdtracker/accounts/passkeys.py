"""Passkeys: a device that knows its holder signs a challenge of ours, once, for our address."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, and_, delete, inspect, or_, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hrdtracker.access.model import User
from hrdtracker.accounts.model import FactorChallenge, Passkey
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.audit.guarded_update import set_if
from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_

ANSWERED_WITHIN = timedelta(minutes=5)
LARGEST_ANSWER = 20_000
NOT_ACCEPTED = N_("The passkey was not accepted. Try again.")
CHALLENGES = cast(Table, inspect(FactorChallenge).local_table)


class Purpose(StrEnum):
    """What a challenge is for: what was signed for one is no answer to the other."""

    ADD = "add"
    PROVE = "prove"


@dataclass(frozen=True)
class Site:
    """Where passkeys belong: the name of our address, and the address as a browser says it."""

    name: str
    origin: str


def options_to_add(user: User, session_id: int, site: Site, product: str) -> str:
    """Return what a browser needs to make a passkey, as JSON; its challenge is kept."""
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=product,
        user_id=user.uid.bytes,
        user_name=user.login,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(user.id),
    )
    _keep(session_id, Purpose.ADD, options.challenge)
    return options_to_json(options)


def options_to_prove(user_id: int, session_id: int, site: Site) -> str:
    """Return what a browser needs to sign with one of a user’s passkeys, as JSON."""
    options = generate_authentication_options(
        rp_id=site.name,
        allow_credentials=_known(user_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(session_id, Purpose.PROVE, options.challenge)
    return options_to_json(options)


def add(user: User, answer: str, challenge: bytes | None, site: Site, device: str) -> None:
    """Keep the passkey that a browser made; raises CodeRefused. Inside an open door."""
    if challenge is None or len(answer) > LARGEST_ANSWER:
        raise CodeRefused(NOT_ACCEPTED)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise CodeRefused(NOT_ACCEPTED) from error
    same = select(Passkey.id).where(Passkey.credential_id == made.credential_id)
    if session().scalar(same) is not None:
        raise CodeRefused(NOT_ACCEPTED)
    session().add(
        Passkey(
            user_id=user.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            device=device[:60],
            added_at=clock.now(),
        )
    )


def use(user: User, answer: str, challenge: bytes | None, site: Site) -> None:
    """Take what a passkey signed; raises CodeRefused. Inside an open door.

    The counter of the key moves in one UPDATE, and only forwards.
    """
    key = _signer(user, answer) if challenge and len(answer) <= LARGEST_ANSWER else None
    if key is None or challenge is None:
        raise CodeRefused(NOT_ACCEPTED)
    try:
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise CodeRefused(NOT_ACCEPTED) from error
    unused = and_(Passkey.id == key.id, Passkey.sign_count == key.sign_count)
    if not set_if(Passkey, unused, sign_count=shown.new_sign_count, used_at=clock.now()):
        raise CodeRefused(NOT_ACCEPTED)


def take_challenge(session_id: int, purpose: Purpose) -> bytes | None:
    """Take the challenge of a session: whatever is signed for it is looked at once."""
    taken: list[bytes] = []

    def write() -> None:
        gone = delete(CHALLENGES).where(
            CHALLENGES.c.session_id == session_id,
            CHALLENGES.c.purpose == purpose,
            CHALLENGES.c.expires_at > clock.now(),
        )
        taken[:] = session().connection().scalars(gone.returning(CHALLENGES.c.challenge)).all()

    side_transaction(write)
    return taken[0] if taken else None


def _keep(session_id: int, purpose: Purpose, challenge: bytes) -> None:
    values = {
        "session_id": session_id,
        "purpose": purpose,
        "challenge": challenge,
        "expires_at": clock.now() + ANSWERED_WITHIN,
    }

    def write() -> None:
        connection = session().connection()
        former = and_(CHALLENGES.c.session_id == session_id, CHALLENGES.c.purpose == purpose)
        over = CHALLENGES.c.expires_at <= clock.now()
        connection.execute(delete(CHALLENGES).where(or_(former, over)))
        connection.execute(CHALLENGES.insert().values(values))

    side_transaction(write)


def _signer(user: User, answer: str) -> Passkey | None:
    """Return the passkey of a user by which an answer says that it was signed."""
    try:
        number = parse_authentication_credential_json(answer).raw_id
    except (WebAuthnException, ValueError):
        return None
    query = select(Passkey).where(Passkey.user_id == user.id, Passkey.credential_id == number)
    return session().scalar(query)


def _known(user_id: int) -> list[PublicKeyCredentialDescriptor]:
    query = select(Passkey.credential_id).where(Passkey.user_id == user_id)
    return [PublicKeyCredentialDescriptor(id=number) for number in session().scalars(query)]
