"""Which root key a database belongs to, and since when this server lives: both stand in it."""

import hmac
from datetime import datetime

from cryptography.exceptions import InvalidTag
from sqlalchemy import inspect, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts import sessions
from hrdtracker.accounts.model import Invitation
from hrdtracker.audit import chain
from hrdtracker.authorised import authorised, carry_out
from hrdtracker.backups.model import ServerEpoch
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, DomainError
from hrdtracker.core.seal import Compartment, DataKeyWrap, ring

PURPOSE = "which root key a database belongs to"


class WrongKey(DomainError):
    """The database belongs to another root key."""

    default = N_("The key file does not belong to this database: put the right one back.")


def check_key() -> bool:
    """Tell whether the database says which key it belongs to; raises WrongKey for another.

    One that does not say it yet must prove it: the key opens what is wrapped in it, or, where
    nothing is, has signed its trail. Nothing is written, and any older schema will do.
    """
    there = inspect(session().connection())
    if there.has_table(ServerEpoch.__tablename__):
        bound = session().scalar(
            select(ServerEpoch.key_fingerprint).order_by(ServerEpoch.number.desc()).limit(1)
        )
        if bound is not None:
            if not hmac.compare_digest(bound, fingerprint()):
                raise WrongKey
            return True
    if there.has_table(DataKeyWrap.__tablename__) and not _fits():
        raise WrongKey
    return False


def bind(actor: Actor) -> None:
    """Let a database that does not say it yet say which key it belongs to; raises WrongKey.

    Of two processes that start at once, one writes it, and the other finds it written.
    """
    carry_out(lambda: None if check_key() else _bind(actor))


def begin_anew(actor: Actor, made_at: datetime, seq: int) -> None:
    """Begin the life of a server that was restored from a backup: whatever was open then ends.

    Sessions end, and codes that were not used yet: they may have been used since.
    """
    with authorised(actor, Action.SERVER_RESTORE, on=None) as signature:
        latest = select(ServerEpoch.number).order_by(ServerEpoch.number.desc()).limit(1)
        number = (session().scalar(latest) or 0) + 1
        signature.about(_begun(ServerEpoch(number=number, backup_made_at=made_at, backup_seq=seq)))
        now = clock.now()
        sessions.end_everybody()
        unused = Invitation.used_at.is_(None) & (Invitation.expires_at > now)
        for code in session().scalars(select(Invitation).where(unused)):
            code.expires_at = now


def fingerprint() -> str:
    """Return what tells the root key at hand from any other."""
    digest: str = session().info["vault"].fingerprint(PURPOSE, "")
    return digest


def _bind(actor: Actor) -> None:
    with authorised(actor, Action.KEY_BIND, on=None) as signature:
        signature.about(_begun(ServerEpoch(number=1)))


def _begun(epoch: ServerEpoch) -> ServerEpoch:
    epoch.key_fingerprint, epoch.began_at = fingerprint(), clock.now()
    session().add(epoch)
    session().flush()
    return epoch


def _fits() -> bool:
    """Tell whether the key at hand opens a key that is wrapped here, or has signed the trail."""
    query = (
        select(
            DataKeyWrap.data_key_id, Compartment.uid, DataKeyWrap.kek_version, DataKeyWrap.wrapped
        )
        .join(Compartment, Compartment.id == DataKeyWrap.compartment_id)
        .limit(1)
    )
    wrapped = session().execute(query).one_or_none()
    if wrapped is None:
        return chain.begins_with_this_key()
    try:
        ring().accept(*wrapped)
    except InvalidTag:
        return False
    return True
