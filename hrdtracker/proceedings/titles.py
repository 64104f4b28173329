"""Why people are held or supervised, from and until, and what was ordered about them."""

from collections.abc import Mapping

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import When, is_before
from hrdtracker.people.model import Person
from hrdtracker.proceedings.drafts.proceedings import END_BEFORE_START
from hrdtracker.proceedings.drafts.titles import OrderDraft, OrderUpdate, TitleDraft, TitleUpdate
from hrdtracker.proceedings.guarding import (
    GONE,
    check_dates,
    must_stand_in,
    people_in,
    proceeding_in,
)
from hrdtracker.proceedings.model import (
    IN_FORCE,
    CourtOrder,
    LegalTitle,
    OrderKind,
    Proceeding,
    TitleKind,
)

ORDERS = {
    TitleKind.PRETRIAL_DETENTION: OrderKind.DETENTION,
    TitleKind.JUDICIAL_SUPERVISION: OrderKind.SUPERVISION,
}
"""By which order a title begins, where its day is given."""
NO_ORDER = N_("Only detention and supervision begin with an order.")
BEFORE_THE_ORDER = N_("It was ordered after this day.")
AFTER_ITS_END = N_("What it extends had ended before this day.")
BEFORE_IT_BEGAN = N_("What it extends began after this day.")


@idempotent
def add_titles(actor: Actor, case: Case, draft: TitleDraft) -> LegalTitle:
    """Say why several people of a case are held or supervised; return the title of the first."""
    check_terms(declared_codes(LegalTitle.__tablename__, draft))
    if draft.ordered and draft.kind not in ORDERS:
        raise Refused({"ordered": NO_ORDER})
    with authorised(actor, Action.PROCEEDING_RECORD, on=case, sending=draft.sending) as signature:
        proceeding = proceeding_in(actor, case, draft.proceeding)
        dates = {"began": draft.began, "ended": draft.ended, "ordered": draft.ordered}
        check_dates(proceeding, dates)
        people = people_in(actor, case, draft.people, "people")
        must_stand_in(proceeding, case, people)
        titles = [new_title(actor, case, person, proceeding, draft) for person in people]
        add_all(titles)
        if draft.ordered:
            add_all(_order_of(actor, title, draft) for title in titles)
        signature.made = titles[0]
        case.changed_at = clock.now()
    return titles[0]


def end_custody(
    actor: Actor,
    case: Case,
    people: Mapping[Person, When | None],
    ended: When,
    known_by: str | None = None,
) -> list[LegalTitle]:
    """Say that police custody of people of a case ended; return why they were held.

    `people` says since when each was held: of whom no ground is on record, police custody is added.
    Raises Refused beside `ended` where it began later.
    """
    with authorised(actor, Action.PROCEEDING_RECORD, on=case) as signature:
        check_dates(None, {"ended": ended})
        query = select(LegalTitle).where(
            LegalTitle.scope_id == case.scope_id,
            LegalTitle.kind == TitleKind.POLICE_CUSTODY,
            LegalTitle.person_id.in_([person.id for person in people]),
            IN_FORCE,
        )
        titles = list(session().scalars(query.order_by(LegalTitle.id)))
        for title in titles:
            title.ended, title.known_by = ended, known_by or title.known_by
            title.confirmed_at, title.confirmed_by_id = clock.now(), actor.id
        there = {title.person_id for title in titles}
        new = [
            new_title(actor, case, person, None, _custody_until(person, began, ended, known_by))
            for person, began in people.items()
            if person.id not in there
        ]
        add_all(new)
        if any(is_before(ended, LegalTitle.began.plain(title)) for title in (*titles, *new)):
            raise Refused({"ended": END_BEFORE_START})
        signature.made = next(iter((*titles, *new)), None)
        case.changed_at = clock.now()
    return [*titles, *new]


def _custody_until(
    person: Person, began: When | None, ended: When, known_by: str | None
) -> TitleDraft:
    return TitleDraft(
        people=(person.uid,),
        kind=TitleKind.POLICE_CUSTODY,
        began=began or When.unknown("", ended.zone),
        ended=ended,
        known_by=known_by,
    )


def update_title(actor: Actor, title: LegalTitle, draft: TitleUpdate, version: int) -> None:
    """Say until when a title held, or when somebody reports next; raises Refused, Stale."""
    check_terms(declared_codes(LegalTitle.__tablename__, draft))
    with authorised(actor, Action.PROCEEDING_RECORD, on=title, version=version):
        check_dates(None, {"ended": draft.ended})
        if is_before(draft.ended, title.began):
            raise Refused({"ended": END_BEFORE_START})
        if draft.next_report_on and title.kind != TitleKind.JUDICIAL_SUPERVISION:
            raise Refused(
                {"next_report_on": N_("Only under judicial supervision somebody reports.")}
            )
        title.ended, title.next_report_on = draft.ended, draft.next_report_on
        title.note, title.known_by = draft.note, draft.known_by
        title.confirmed_at, title.confirmed_by_id = clock.now(), actor.id


@idempotent
def add_orders(actor: Actor, case: Case, draft: OrderDraft) -> CourtOrder:
    """Add what was ordered about several people of a case; return the order about the first."""
    check_terms(declared_codes(CourtOrder.__tablename__, draft))
    with authorised(actor, Action.PROCEEDING_RECORD, on=case, sending=draft.sending) as signature:
        proceeding = proceeding_in(actor, case, draft.proceeding)
        check_dates(proceeding, {"ordered": draft.ordered})
        people = people_in(actor, case, draft.people, "people")
        must_stand_in(proceeding, case, people)
        titles = _titles(case, people, draft)
        orders = [
            _new_order(actor, case, person, proceeding, draft, titles.get(person.id))
            for person in people
        ]
        add_all(orders)
        signature.made = orders[0]
        case.changed_at = clock.now()
    return orders[0]


def update_order(actor: Actor, order: CourtOrder, draft: OrderUpdate, version: int) -> None:
    """Say what became of an order; raises Refused beside a day before it was ordered, Stale."""
    check_terms(declared_codes(CourtOrder.__tablename__, draft))
    with authorised(actor, Action.PROCEEDING_RECORD, on=order, version=version):
        done = {"executed": draft.executed, "withdrawn": draft.withdrawn}
        check_dates(None, done)
        ordered = CourtOrder.ordered.plain(order)
        early = [
            name for name, when in {"due": draft.due, **done}.items() if is_before(when, ordered)
        ]
        if early:
            raise Refused(dict.fromkeys(early, BEFORE_THE_ORDER))
        order.due, order.executed, order.withdrawn = draft.due, draft.executed, draft.withdrawn
        order.note, order.known_by = draft.note, draft.known_by
        order.confirmed_at, order.confirmed_by_id = clock.now(), actor.id


def _titles(case: Case, people: list[Person], draft: OrderDraft) -> dict[int, LegalTitle]:
    """Return, for each person, the title that an order is about: the one that was named, or theirs.

    Theirs is of the same kind, in the same proceeding where there is one, and could be extended
    then. Raises Refused where somebody has none.
    """
    if draft.title is None:
        return {}
    named = session().scalar(
        select(LegalTitle).where(
            LegalTitle.uid == draft.title, LegalTitle.scope_id == case.scope_id
        )
    )
    if named is None:
        raise Refused({"title": GONE})
    if reason := _why_not_extended(named, draft):
        raise Refused({"ordered": reason})
    of_kind = select(LegalTitle).where(
        LegalTitle.scope_id == case.scope_id,
        LegalTitle.kind == named.kind,
        LegalTitle.person_id.in_([person.id for person in people]),
    )
    rows = [row for row in session().scalars(of_kind) if not _why_not_extended(row, draft)]
    rows.sort(key=lambda row: (row.proceeding_id == named.proceeding_id, row.id))
    titles = {row.person_id: row for row in (*rows, named)}
    if any(person.id not in titles for person in people):
        raise Refused({"people": N_("Not all of them are held for this reason.")})
    return titles


def _why_not_extended(title: LegalTitle, draft: OrderDraft) -> str:
    """Return why an order cannot have extended a title; nothing where it can, or extends none."""
    if draft.kind != OrderKind.EXTENSION:
        return ""
    if is_before(LegalTitle.ended.plain(title), draft.ordered):
        return AFTER_ITS_END
    if is_before(draft.ordered, LegalTitle.began.plain(title)):
        return BEFORE_IT_BEGAN
    return ""


def new_title(
    actor: Actor, case: Case, person: Person, proceeding: Proceeding | None, draft: TitleDraft
) -> LegalTitle:
    """Return why somebody is held; still to be added."""
    moment = clock.now()
    return LegalTitle(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        person_id=person.id,
        proceeding_id=proceeding.id if proceeding else None,
        kind=draft.kind,
        began=draft.began,
        ended=draft.ended,
        next_report_on=draft.next_report_on,
        note=draft.note,
        known_by=draft.known_by,
        confirmed_at=moment,
        confirmed_by_id=actor.id,
        recorded_by_id=actor.id,
        recorded_at=moment,
    )


def _order_of(actor: Actor, title: LegalTitle, draft: TitleDraft) -> CourtOrder:
    """Return the order with which a title began; still to be added."""
    return CourtOrder(
        scope_id=title.scope_id,
        data_key_id=title.data_key_id,
        person_id=title.person_id,
        proceeding_id=title.proceeding_id,
        legal_title_id=title.id,
        kind=ORDERS[draft.kind],
        ordered=draft.ordered,
        known_by=draft.known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _new_order(  # noqa: PLR0913 - each says one thing of an order, by its name
    actor: Actor,
    case: Case,
    person: Person,
    proceeding: Proceeding | None,
    draft: OrderDraft,
    title: LegalTitle | None,
) -> CourtOrder:
    """Return an order; without a proceeding of its own it is of that of the title it is about."""
    of_title = title.proceeding_id if title else None
    return CourtOrder(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        person_id=person.id,
        proceeding_id=proceeding.id if proceeding else of_title,
        legal_title_id=title.id if title else None,
        kind=draft.kind,
        ordered=draft.ordered,
        ordered_by=draft.ordered_by,
        in_writing=draft.in_writing,
        keeps_detained=draft.keeps_detained,
        due=draft.due,
        note=draft.note,
        known_by=draft.known_by,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
