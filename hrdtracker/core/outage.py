"""What went wrong with the database: a race was lost, or it is away for a while."""

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from hrdtracker.core.errors import Overtaken

RACES = frozenset({"40001", "40P01", "23505"})
"""PostgreSQL’s numbers of a lost race: not serializable, deadlock, and a unique value that was free
when the act looked: begun again, it looks anew, and refuses with its sentence."""
NOT_UNIQUE = "UNIQUE constraint failed"
"""What SQLite says instead of 23505: it has sentences and no numbers."""
AWAY = ("08", "25006", "25P03", "40", "53", "55P03", "57", "58")
"""How the number of an outage begins: no connection, a copy that is only read, idle for too long,
races lost again and again, no room, a lock not had in time, ended by the operator, the machine."""


def is_lost_race(error: BaseException) -> bool:
    """Tell whether an act failed only since another came first at the same moment."""
    return isinstance(error, Overtaken) or _number(error) in RACES


def is_outage(error: BaseException | None) -> bool:
    """Tell whether the database is away or busy, so that the same may succeed a little later."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoneFree | Overtaken)
    number = _number(error)
    if number:
        return number.startswith(AWAY)
    return isinstance(error.orig, psycopg.OperationalError) or "is locked" in str(error.orig)


def _number(error: BaseException) -> str:
    if not isinstance(error, DBAPIError):
        return ""
    if NOT_UNIQUE in str(error.orig):
        return "23505"
    return getattr(error.orig, "sqlstate", None) or ""
