"""Six digits from an app: the secret that we share with it, and each time step used once."""

import secrets

from pyotp import TOTP, random_base32
from sqlalchemy import and_, select

from hrdtracker.access.model import User
from hrdtracker.accounts.model import AuthenticatorApp
from hrdtracker.audit.guarded_update import set_if
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, DomainError
from hrdtracker.core.seal import ring

STEP_S = 30
DRIFT = 1
"""How many steps the clock of a telephone may be fast or slow."""
DIGITS = 6


class CodeRefused(DomainError):
    """What somebody showed as a second factor is not accepted."""

    default = N_("This code is not right. Look at the app again.")


class CodeUsed(CodeRefused):
    """The code is right, and was used already."""

    default = N_("This code was used already. Wait for the next one, at most 30 seconds.")


def begin(user: User) -> AuthenticatorApp:
    """Add an app that is to be confirmed by a first code; one that waited is dropped.

    Inside an open door.
    """
    unconfirmed = select(AuthenticatorApp).where(
        AuthenticatorApp.user_id == user.id, AuthenticatorApp.confirmed_at.is_(None)
    )
    for former in session().scalars(unconfirmed):
        session().delete(former)
    ring().load([user.data_key_id])
    app = AuthenticatorApp(
        user_id=user.id,
        data_key_id=user.data_key_id,
        secret=random_base32(),
        began_at=clock.now(),
        last_step=0,
    )
    session().add(app)
    session().flush()
    return app


def address(app: AuthenticatorApp, login: str, product: str) -> str:
    """Return what an app reads from the picture: the secret, and under which names it keeps it."""
    return _clock_of(app).provisioning_uri(name=login, issuer_name=product)


def use(app: AuthenticatorApp, code: str) -> None:
    """Use a code of an app, once; raises CodeRefused, CodeUsed. Inside an open door."""
    step = _step_of(app, code)
    if step is None:
        raise CodeRefused
    unused = and_(AuthenticatorApp.id == app.id, AuthenticatorApp.last_step < step)
    if not set_if(AuthenticatorApp, unused, last_step=step):
        raise CodeUsed


def _step_of(app: AuthenticatorApp, code: str) -> int | None:
    """Return the time step whose code this is, of the present one and those beside it."""
    present = int(clock.now().timestamp()) // STEP_S
    codes = _clock_of(app)
    near = range(present - DRIFT, present + DRIFT + 1)
    fitting = [s for s in near if secrets.compare_digest(codes.generate_otp(s), code)]
    return max(fitting, default=None)


def _clock_of(app: AuthenticatorApp) -> TOTP:
    ring().load([app.data_key_id])
    return TOTP(app.secret or "", interval=STEP_S, digits=DIGITS)
