"""How a value is closed that says little by itself and names somebody beside others.

Every page reads it and none needs a key of its own for it: one key of the instance closes all such
values. No list is narrowed or ordered by it; what the database must still find is closed `fixed`.
"""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Dialect, LargeBinary, TypeDecorator
from sqlalchemy.orm import MappedColumn

from hrdtracker.core.db import session
from hrdtracker.core.field import CLOSED, Field, Grade, declared
from hrdtracker.core.seal import Vault

READ: MappingProxyType[type, Callable[[str], Any]] = MappingProxyType(
    {str: str, int: int, date: date.fromisoformat}
)
"""How a value of each kind is read back from its words."""


class Closed(TypeDecorator[Any]):
    """A value of one `kind` that lies closed in one `place`, such as `person.age`.

    Equal values look different, unless they are `fixed`: only what is never twice there may be so.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str, kind: type = str, *, fixed: bool = False) -> None:
        super().__init__()
        self.place, self.kind, self.fixed = place, kind, fixed

    @property
    def python_type(self) -> type:
        """Return the kind of value that a row holds."""
        return self.kind

    def close(self, vault: Vault, value: Any) -> bytes:
        """Return what lies in the database."""
        return vault.close(self.place, str(value), fixed=self.fixed)

    def open(self, vault: Vault, closed: bytes) -> Any:
        """Return the value; raises SealBroken for one of another place, or another key’s."""
        return self.read(vault.open(self.place, closed))

    def read(self, words: str) -> Any:
        """Return the value that some words stand for."""
        return READ[self.kind](words)

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        """Close a value on its way into the database, or into a condition."""
        return None if value is None else self.close(present_vault(), value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Any:
        """Open a value that was read."""
        return None if value is None else self.open(present_vault(), bytes(value))


def present_vault() -> Vault:
    """Return the keys of the instance that the present unit of work is about."""
    vault: Vault = session().info["vault"]
    return vault


def closed(
    label: str, kind: Closed, *, codelist: str = "", why: str = "", **options: Any
) -> MappedColumn[Any]:
    """Return a column that a stranger with the database does not read: it maps `<name>_closed`."""
    name = kind.place.partition(".")[2]
    declaration = Field(Grade.BESIDE, label, codelist=codelist, why=why)
    return declared(declaration, f"{name}{CLOSED}", kind, key=name, **options)
