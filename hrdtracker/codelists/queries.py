"""The lists of terms, as an administrator looks through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select

from hrdtracker.codelists.files import LISTS, PARENT_LIST
from hrdtracker.codelists.model import Term
from hrdtracker.codelists.names import FIXED, NAMES
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.page import ListPart

PAGE_TERMS = 50


@dataclass(frozen=True)
class Listed:
    """One list: how many of its terms can be chosen, and how many are retired."""

    name: str
    offered: int
    retired: int

    @property
    def title(self) -> str:
        """What people call the list."""
        return NAMES[self.name]

    @property
    def fixed(self) -> bool:
        """Whether the work itself depends on the list, so that nobody changes it."""
        return self.name in FIXED


@dataclass(frozen=True)
class TermPage:
    """Some terms of a list in their order, and which part of it they are."""

    rows: Sequence[Term]
    part: ListPart


def lists() -> list[Listed]:
    """Return every list with its counts; one statement."""
    retired = func.sum(case((Term.retired, 1), else_=0))
    query = select(Term.list, func.count(), retired).group_by(Term.list)
    counts = {name: (total, gone) for name, total, gone in session().execute(query)}
    empty = (0, 0)
    return [
        Listed(name, counts.get(name, empty)[0] - counts.get(name, empty)[1],
               counts.get(name, empty)[1])
        for name in LISTS
    ]  # fmt: skip


def terms_of(name: str, parent: str | None = None, skip: str | None = None) -> TermPage:
    """Return a page of a list's terms, retired ones too; of those below `parent` where given."""
    query = select(Term).where(Term.list == name)
    if parent:
        query = query.where(Term.parent == parent)
    total = session().scalar(query.with_only_columns(func.count()).order_by(None)) or 0
    part = ListPart.at(skip, total, PAGE_TERMS)
    rows = session().scalars(part.cut(query.order_by(Term.position, Term.id)))
    return TermPage(rows.all(), part)


def parent_list(name: str) -> str:
    """Return the list in which the parents of a list's terms stand."""
    return PARENT_LIST.get(name, name)


def has_parents(name: str) -> bool:
    """Tell whether terms of a list have wider ones."""
    if name in PARENT_LIST:
        return True
    query = select(Term.id).where(Term.list == name, Term.parent.is_not(None)).limit(1)
    return session().scalar(query) is not None


def find_term(name: str, uid: UUID) -> Term:
    """Return one term of a list; raises NotFound."""
    term = session().scalar(select(Term).where(Term.list == name, Term.uid == uid))
    if term is None:
        raise NotFound
    return term
