"""Whether somebody has a second factor."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.accounts.model import AuthenticatorApp, Passkey
from hrdtracker.core.db import session


def has_factor(user_id: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the condition that a user has a second factor that counts."""
    app = select(AuthenticatorApp.id).where(
        AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    key = select(Passkey.id).where(Passkey.user_id == user_id)
    return or_(app.exists(), key.exists())


def has_one(user_id: int) -> bool:
    """Tell whether a user has a second factor that counts."""
    return bool(session().scalar(select(has_factor(user_id))))
