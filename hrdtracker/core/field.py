"""What a column is called, which list its codes are of, how secret it is: said where it is mapped.

The trail, the differences that a reviewer reads and the table of secrecy classes derive from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import MappedColumn, mapped_column

from hrdtracker.core.errors import N_, Message

INFO = "field"
"""Under which name a column keeps its declaration."""
SUFFIX = "_sealed"
"""How the column is called in which a sealed field keeps its ciphertext."""
CLOSED = "_closed"
"""How the column is called in the database whose values are closed."""
IN_SMALLEST_UNITS = N_("%(field)s, in smallest units")


class Grade(StrEnum):
    """How secret a column is: identity and narrative are sealed, what the work needs lies open."""

    IDENTITY = "C1"
    NARRATIVE = "C2"
    WORK = "C3"
    BESIDE = "C4"
    """Names somebody only beside other columns: closed, and read like what lies open."""
    KEY = "K"
    """Ties rows together, guards them or counts them; says nothing to a reader."""


@dataclass(frozen=True)
class Field:
    """The declaration of one column. Without a label, the trail’s page says nothing of it.

    `aspect` says of which part or in which unit of the field the column speaks, around its label;
    `codelist` is the list whose codes it holds; `why`, the reason for its grade where one is due.
    """

    grade: Grade
    label: str = ""
    aspect: str = ""
    codelist: str = ""
    why: str = ""

    @property
    def title(self) -> Message:
        """Return the label with its aspect: "Spent, in smallest units"."""
        named = Message(self.label)
        return Message(self.aspect, {"field": named}) if self.aspect else named


_position = count(1)


def declared(declaration: Field, *column: Any, **options: Any) -> MappedColumn[Any]:
    """Return a mapped column that knows its declaration; columns stand in the order declared."""
    info = {INFO: declaration}
    return mapped_column(*column, info=info, sort_order=next(_position), **options)


def field(
    label: str, *column: Any, codelist: str = "", why: str = "", **options: Any
) -> MappedColumn[Any]:
    """Return a plain column that means something to a reader; a link to another row is a key."""
    is_link = any(isinstance(each, ForeignKey) for each in column)
    grade = Grade.KEY if is_link else Grade.WORK
    return declared(Field(grade, label, codelist=codelist, why=why), *column, **options)


def money_field(label: str, why: str = "", **options: Any) -> MappedColumn[Any]:
    """Return the column of an amount, kept in the smallest units of its currency."""
    return declared(Field(Grade.WORK, label, IN_SMALLEST_UNITS, why=why), BigInteger, **options)


def unsaid(*column: Any, why: str = "", **options: Any) -> MappedColumn[Any]:
    """Return a plain column that serves the work and says nothing to a reader of the trail."""
    return declared(Field(Grade.WORK, why=why), *column, **options)


def technical(*column: Any, why: str = "", **options: Any) -> MappedColumn[Any]:
    """Return a column that only ties rows together, guards or counts them."""
    return declared(Field(Grade.KEY, why=why), *column, **options)
