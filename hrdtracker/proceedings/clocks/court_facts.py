"""What the courts did about somebody, in the words of the rules: grounds, orders, charges."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.articles import PROVISION, is_of_here
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.facts import (
    LIFE,
    AccusedOf,
    DatedEvent,
    ExtensionOrder,
    OffenceTier,
    Penalty,
)
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    ASKS_RELEASE,
    QUALIFIES,
    Charge,
    ChargeOutcome,
    ChargeStep,
    CourtOrder,
    DefenceRequest,
    Hearing,
    HearingStatus,
    LegalTitle,
    OrderKind,
    Party,
    Proceeding,
    RequestKind,
    RequestStanding,
    TitleKind,
)
from hrdtracker.proceedings.rules import cells
from hrdtracker.proceedings.workflow import in_order

Whose = tuple[int, int]
"""The numbers of a case’s scope and of a person."""
STANDS = QUALIFIES | {ChargeStep.CONVICTED}
"""Last steps after which a charge still counts."""
EXTENDED = {
    TitleKind.POLICE_CUSTODY: "police_custody",
    TitleKind.PRETRIAL_DETENTION: "pre_trial_detention",
}
"""Which clock an extension of a ground of custody makes longer."""


NOT_GRANTED = frozenset({RequestStanding.REFUSED, RequestStanding.PARTLY})
"""After which the defence may ask again, or appeal."""
TRIAL = "trial"
"""The hearings with which a trial begins."""
JUDGE = "investigating_judge"
"""Whose orders are appealed to the investigation chamber."""


@dataclass
class CourtFacts:
    """The rows about one person in one case."""

    titles: list[LegalTitle] = field(default_factory=list)
    orders: list[CourtOrder] = field(default_factory=list)
    charges: dict[int, tuple[Charge, list[ChargeOutcome]]] = field(default_factory=dict)
    requests: list[DefenceRequest] = field(default_factory=list)
    trials: list[Hearing] = field(default_factory=list)


def court_facts(scopes: Collection[int]) -> Mapping[Whose, CourtFacts]:
    """Return what is recorded of the courts in some cases, by whom it is about; 5 statements."""
    found: dict[Whose, CourtFacts] = defaultdict(CourtFacts)
    titles = select(LegalTitle).where(LegalTitle.scope_id.in_(scopes)).order_by(LegalTitle.id)
    for title in session().scalars(titles):
        found[title.scope_id, title.person_id].titles.append(title)
    orders = select(CourtOrder).where(CourtOrder.scope_id.in_(scopes)).order_by(CourtOrder.id)
    for order in session().scalars(orders):
        found[order.scope_id, order.person_id].orders.append(order)
    charges = (
        select(Party.scope_id, Party.person_id, Charge, ChargeOutcome)
        .join(Charge, Charge.party_id == Party.id)
        .join(ChargeOutcome, ChargeOutcome.charge_id == Charge.id)
        .where(Party.scope_id.in_(scopes))
        .order_by(ChargeOutcome.id)
    )
    for scope_id, person_id, charge, outcome in session().execute(charges):
        rows = found[scope_id, person_id].charges.setdefault(charge.id, (charge, []))
        rows[1].append(outcome)
    for facts in found.values():
        facts.charges = {
            number: known for number, known in facts.charges.items() if _is_of_here(known[1])
        }
    requests = (
        select(Party.scope_id, Party.person_id, DefenceRequest)
        .join(Party, Party.id == DefenceRequest.party_id)
        .where(Party.scope_id.in_(scopes))
        .order_by(DefenceRequest.id)
    )
    for scope_id, person_id, request in session().execute(requests):
        found[scope_id, person_id].requests.append(request)
    trials = (
        select(Party.scope_id, Party.person_id, Hearing)
        .select_from(Party)
        .join(Proceeding, Proceeding.id == Party.proceeding_id)
        .join(Hearing, Hearing.proceeding_id.in_([Proceeding.id, Proceeding.joined_into_id]))
        .where(
            Party.scope_id.in_(scopes),
            Party.role.in_(sorted(ACCUSED_ROLES)),
            Hearing.kind == TRIAL,
            Hearing.status == HearingStatus.HELD,
        )
        .order_by(Hearing.id)
    )
    for scope_id, person_id, hearing in session().execute(trials):
        found[scope_id, person_id].trials.append(hearing)
    return found


def _is_of_here(steps: Collection[ChargeOutcome]) -> bool:
    """Tell whether a charge is under the law by which limits are counted, or in words only."""
    return all(is_of_here(terms().find(PROVISION, step.provision)) for step in steps)


# In the words of the rules ------------------------------------------------------------------------


def events_of(facts: CourtFacts) -> Iterator[DatedEvent]:
    """Yield what happened before the courts: detention ordered, sentences begun, releases."""
    for title in facts.titles:
        yield from _of_title(title)
    for order in facts.orders:
        yield from _of_order(order)
    for hearing in facts.trials:
        yield DatedEvent("trial.opened", hearing.day)
    for request in facts.requests:
        yield from _of_request(request)
    for charge, outcomes in facts.charges.values():
        yield from _of_charge(charge, outcomes)


def _of_charge(charge: Charge, outcomes: Iterable[ChargeOutcome]) -> Iterator[DatedEvent]:
    alleged = Charge.alleged.plain(charge)
    if alleged is not None:
        yield DatedEvent("offence.date", alleged)
    for outcome in outcomes:
        if outcome.kind in QUALIFIES:
            yield DatedEvent("prosecution.act", _date(ChargeOutcome.decided.plain(outcome)))


def _of_title(title: LegalTitle) -> Iterator[DatedEvent]:
    began = _date(LegalTitle.began.plain(title))
    ended = LegalTitle.ended.plain(title)
    if title.kind == TitleKind.PRETRIAL_DETENTION:
        yield DatedEvent("custody.ended", began)
        yield DatedEvent("detention.order", began)
        if ended is not None:
            yield DatedEvent("detention.released", ended)
    elif title.kind == TitleKind.SENTENCE:
        yield DatedEvent("sentence.start", began)
        if ended is not None:
            yield DatedEvent("sentence.released", ended)
    elif title.kind == TitleKind.POLICE_CUSTODY and ended is not None:
        yield DatedEvent("custody.ended", ended)


def _of_order(order: CourtOrder) -> Iterator[DatedEvent]:
    ordered = _date(CourtOrder.ordered.plain(order))
    yield DatedEvent("prosecution.act", ordered)
    executed = CourtOrder.executed.plain(order)
    if order.kind == OrderKind.ARREST_WARRANT and executed is not None:
        yield DatedEvent("arrest.on_warrant", executed)
    if order.keeps_detained:
        yield DatedEvent("closing_order.detention_kept", ordered)
    if order.kind == OrderKind.RELEASE and executed is not None:
        yield DatedEvent("detention.released", executed)


def _of_request(request: DefenceRequest) -> Iterator[DatedEvent]:
    """Yield what a request begins: the time to decide on it, to ask again, to appeal.

    What was decided is no longer awaited.
    """
    filed = _date(DefenceRequest.filed.plain(request))
    standing = RequestStanding(request.status)
    is_open = standing == RequestStanding.UNDECIDED
    opinion = DefenceRequest.opinion_received.plain(request)
    if request.kind in ASKS_RELEASE and (is_open or standing in NOT_GRANTED):
        yield DatedEvent("release.last_request", filed)
    if request.kind in ASKS_RELEASE and is_open and opinion is not None:
        yield DatedEvent("prosecutor.opinion_received", opinion)
    if request.kind == RequestKind.APPEAL_DETENTION and is_open:
        yield DatedEvent("chamber.seized", filed)
    notified = DefenceRequest.notified.plain(request)
    is_final = DefenceRequest.appealed.plain(request) is not None
    if standing in NOT_GRANTED and request.decided_by == JUDGE and notified and not is_final:
        yield DatedEvent("order.notified", notified)


def extensions_of(facts: CourtFacts) -> Iterator[ExtensionOrder]:
    """Yield what made a custody or detention longer, or claims to."""
    kinds = {title.id: TitleKind(title.kind) for title in facts.titles}
    for order in facts.orders:
        clock = EXTENDED.get(kinds[order.legal_title_id]) if order.legal_title_id in kinds else None
        if order.kind == OrderKind.EXTENSION and clock is not None:
            said = {} if order.in_writing is None else {"in_writing": order.in_writing}
            yield ExtensionOrder(clock, CourtOrder.ordered.plain(order), said)


def charges_of(facts: CourtFacts) -> Iterator[AccusedOf]:
    """Yield each charge that stands, as it was qualified from when on, by the days of its steps."""
    for charge, outcomes in facts.charges.values():
        if charge.last_step in STANDS:
            steps = in_order(outcomes)
            tiers = [_tier(outcome) for outcome in steps if outcome.kind in QUALIFIES]
            yield AccusedOf(charge.uid.hex, tuple(tiers))


def _tier(outcome: ChargeOutcome) -> OffenceTier:
    penalty = Penalty(_length(outcome.least), _length(outcome.most))
    return OffenceTier(outcome.offence_class, penalty, ChargeOutcome.decided.plain(outcome))


def _length(said: str | None) -> Length | None:
    """Return “6 months”, “2 years” or “life” as a length."""
    if not said:
        return None
    return LIFE if said == "life" else cells.length(cells.amount(said))


def _date(when: When | None) -> When:
    assert when is not None  # noqa: S101 - these dates are required, and may be unknown
    return when
