"""Files become rows: new terms are added, changed ones follow their file, none is deleted."""

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from hrdtracker.codelists.files import LISTS, BrokenList, TermRow, read_list
from hrdtracker.codelists.lookup import forget_terms
from hrdtracker.codelists.model import Term
from hrdtracker.core.db import session


def load_codelists() -> tuple[int, int]:
    """Bring the rows of every list in line with its file; return how many were added and changed.

    A term that its file no longer names is retired; one that somebody retired by hand stays so.
    Idempotent. Inside an open door.
    """
    added = changed = 0
    for name in LISTS:
        present = {
            term.code: term for term in session().scalars(select(Term).where(Term.list == name))
        }
        rows = read_list(name)
        for row in rows:
            term = present.get(row.code)
            if term is None:
                session().add(Term(list=name, code=row.code, **_columns(row)))
                added += 1
            elif term.from_file:
                changed += _follow(term, row)
        named = {row.code for row in rows}
        for term in present.values():
            if term.from_file and term.code not in named and not term.retired:
                term.retired = True
                changed += 1
    forget_terms()
    return added, changed


def add_terms(name: str, rows: Sequence[TermRow]) -> tuple[int, int]:
    """Add terms of a file of one’s own to a list, at its end; return how many came and changed.

    A term that such a file added before says then what it says now; no file of ours ever changes
    or retires it. Raises BrokenList where a code is one of ours. Idempotent. In an open door.
    """
    present = {term.code: term for term in session().scalars(select(Term).where(Term.list == name))}
    ours = next(
        (row.code for row in rows if row.code in present and present[row.code].from_file), ""
    )
    if ours:
        raise BrokenList(f"The list {name} has a term of ours with the code “{ours}”.")
    last = max((term.position for term in present.values()), default=0)
    added = changed = 0
    for row in rows:
        term = present.get(row.code)
        if term is None:
            last += 1
            columns = {**_columns(row), "position": last}
            session().add(Term(list=name, code=row.code, from_file=False, **columns))
            added += 1
        else:
            changed += _follow(term, replace(row, position=term.position))
    forget_terms()
    return added, changed


def _columns(row: TermRow) -> dict[str, object]:
    return {
        "parent": row.parent or None,
        "label_en": row.label_en,
        "label_km": row.label_km,
        "position": row.position,
        "esf_code": row.esf_code or None,
        "extra": json.dumps(dict(row.extra), ensure_ascii=False),
        "source": row.source[:300],
        "confidence": row.confidence,
    }


def _follow(term: Term, row: TermRow) -> bool:
    different = {k: v for k, v in _columns(row).items() if getattr(term, k) != v}
    for name, value in different.items():
        setattr(term, name, value)
    return bool(different)
