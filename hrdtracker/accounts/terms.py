"""Changing the lists people choose from: a term is added, retired, restored, never deleted."""

from collections.abc import Sequence

from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.drafts import TermDraft
from hrdtracker.codelists.files import LISTS, PARENT_LIST, TermRow
from hrdtracker.codelists.load import add_terms, load_codelists
from hrdtracker.codelists.model import Term
from hrdtracker.codelists.names import FIXED
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus


@idempotent
def add_term(actor: Actor, organisation: Organisation, name: str, draft: TermDraft) -> Term:
    """Add a term at the end of the list `name`; raises Refused, NotFound where there is none."""
    with authorised(actor, Action.TERM_CHANGE, on=organisation, sending=draft.sending) as signature:
        _check_list(name)
        _check_parent(name, draft.parent)
        _check_is_new(name, draft)
        last = session().scalar(select(func.max(Term.position)).where(Term.list == name))
        term = Term(
            list=name,
            code=_free_code(name, draft.code),
            parent=draft.parent,
            label_en=draft.label_en.strip(),
            label_km=draft.label_km.strip(),
            position=(last or 0) + 1,
            source="added by an administrator",
            confidence="general knowledge",
            from_file=False,
        )
        session().add(term)
        signature.made = term
        _next_version(organisation)
    return term


def retire_term(actor: Actor, organisation: Organisation, term: Term) -> None:
    """Stop offering a term; where a record uses it, it still reads as before."""
    with authorised(actor, Action.TERM_CHANGE, on=organisation):
        _turn(term, organisation, retired=True)


def restore_term(actor: Actor, organisation: Organisation, term: Term) -> None:
    """Offer a retired term again."""
    with authorised(actor, Action.TERM_CHANGE, on=organisation):
        _turn(term, organisation, retired=False)


def load(actor: Actor, organisation: Organisation) -> tuple[int, int]:
    """Bring the lists in line with their files; return how many terms came and how many changed."""
    with authorised(actor, Action.TERM_CHANGE, on=organisation):
        added, changed = load_codelists()
        if added or changed:
            _next_version(organisation)
    return added, changed


def add_from_file(
    actor: Actor, organisation: Organisation, name: str, rows: Sequence[TermRow]
) -> tuple[int, int]:
    """Add the terms of a file of one’s own to the list `name`; return how many came and changed.

    Raises BrokenList, NotFound where there is no such list, WrongStatus where it stays as it is.
    """
    with authorised(actor, Action.TERM_CHANGE, on=organisation):
        _check_list(name)
        added, changed = add_terms(name, rows)
        if added or changed:
            _next_version(organisation)
    return added, changed


def _check_list(name: str) -> None:
    """Refuse a list that there is not, or that stays as it is; raises NotFound, WrongStatus."""
    if name not in LISTS:
        raise NotFound
    if name in FIXED:
        raise WrongStatus(N_("The work itself depends on this list: it stays as it is."))


def _turn(term: Term, organisation: Organisation, *, retired: bool) -> None:
    _check_list(term.list)
    session().refresh(term)
    if term.retired == retired:
        raise WrongStatus
    term.retired = retired
    _next_version(organisation)


def _check_parent(name: str, parent: str | None) -> None:
    if parent is None and name in PARENT_LIST:
        raise Refused({"parent": N_("Choose where it belongs.")})
    if parent is None:
        return
    query = select(Term.id).where(Term.list == PARENT_LIST.get(name, name), Term.code == parent)
    if session().scalar(query) is None:
        raise Refused({"parent": N_("Choose one of the list.")})


def _check_is_new(name: str, draft: TermDraft) -> None:
    same = select(Term.id).where(
        Term.list == name,
        Term.parent.is_not_distinct_from(draft.parent),
        func.lower(Term.label_en) == draft.label_en.strip().lower(),
    )
    if session().scalar(same) is not None:
        raise Refused({"label_en": N_("This list has that term already.")})


def _free_code(name: str, proposed: str) -> str:
    taken = set(session().scalars(select(Term.code).where(Term.list == name)))
    numbered = (f"{proposed}_{number}" for number in range(2, len(taken) + 2))
    return next(code for code in (proposed, *numbered) if code not in taken)


def _next_version(organisation: Organisation) -> None:
    """Say that the lists have changed, to every reader and to this unit of work."""
    organisation.terms_version += 1
    session().info["terms_version"] = organisation.terms_version
