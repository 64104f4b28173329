"""What the courts did about somebody in one proceeding, in the words of the rules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Subquery, select

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
from hrdtracker.proceedings.guarding import joined, stands_in
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
    Judgment,
    JudgmentAppeal,
    LegalTitle,
    OrderKind,
    Party,
    Proceeding,
    ProceedingScope,
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
    """The rows about one person in one proceeding of a case, or in none."""

    titles: list[LegalTitle] = field(default_factory=list)
    orders: list[CourtOrder] = field(default_factory=list)
    charges: dict[int, tuple[Charge, list[ChargeOutcome]]] = field(default_factory=dict)
    judgments: dict[int, tuple[Judgment, list[JudgmentAppeal]]] = field(default_factory=dict)
    requests: list[DefenceRequest] = field(default_factory=list)
    trials: list[Hearing] = field(default_factory=list)
    proceeding: Proceeding | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is recorded."""
        return not (self.titles or self.orders or self.charges or self.judgments)

    def with_loose(self, other: "CourtFacts") -> "CourtFacts":
        """Return these rows with those that name no proceeding."""
        return CourtFacts(
            [*self.titles, *other.titles],
            [*self.orders, *other.orders],
            {**self.charges, **other.charges},
            {**self.judgments, **other.judgments},
            [*self.requests, *other.requests],
            [*self.trials, *other.trials],
            self.proceeding,
        )


ByProceeding = Mapping[int | None, CourtFacts]
"""The rows about one person in each proceeding by its number; under None those of no proceeding."""


@dataclass
class _Gathered:
    """What was found, by whom it is about and in which proceeding: that in which theirs goes on."""

    proceedings: Mapping[tuple[int, int], Proceeding]
    found: dict[Whose, dict[int | None, CourtFacts]]

    def of(self, row: LegalTitle | CourtOrder | Party) -> CourtFacts:
        """Return where the rows about the person of a row in its proceeding stand."""
        goes_on = self.proceedings.get((row.scope_id, row.proceeding_id or 0))
        parts = self.found[row.scope_id, row.person_id]
        facts = parts.setdefault(goes_on.id if goes_on else None, CourtFacts())
        facts.proceeding = goes_on
        return facts


def court_facts(scopes: Collection[int]) -> Mapping[Whose, ByProceeding]:
    """Return what is recorded of the courts in some cases, by whom it is about; 7 statements.

    What was joined into another proceeding is part of that one; an order about a ground of custody
    counts where that does.
    """
    gathered = _Gathered(_proceedings(scopes), defaultdict(dict))
    titles: dict[int, LegalTitle] = {}
    for title in session().scalars(_about(LegalTitle, scopes)):
        titles[title.id] = title
        gathered.of(title).titles.append(title)
    for order in session().scalars(_about(CourtOrder, scopes)):
        gathered.of(titles.get(order.legal_title_id or 0, order)).orders.append(order)
    _gather_charges(gathered, scopes)
    for party, judgment, appeal in session().execute(_judgments(scopes)):
        known = gathered.of(party).judgments.setdefault(judgment.id, (judgment, []))
        known[1].extend([appeal] if appeal else [])
    for party, request in session().execute(_requests(scopes)):
        gathered.of(party).requests.append(request)
    for party, hearing in session().execute(_trials(scopes)):
        gathered.of(party).trials.append(hearing)
    return gathered.found


def _gather_charges(gathered: _Gathered, scopes: Collection[int]) -> None:
    """Add the charges with their steps; those under the law of another country count for nobody."""
    steps: dict[int, tuple[Party, Charge, list[ChargeOutcome]]] = {}
    for party, charge, outcome in session().execute(_charges(scopes)):
        steps.setdefault(charge.id, (party, charge, []))[2].append(outcome)
    for number, (party, charge, outcomes) in steps.items():
        if _is_of_here(outcomes):
            gathered.of(party).charges[number] = charge, outcomes


def _about(model: type[LegalTitle | CourtOrder], scopes: Collection[int]) -> Any:
    return select(model).where(model.scope_id.in_(scopes)).order_by(model.id)


def _charges(scopes: Collection[int]) -> Any:
    return (
        select(Party, Charge, ChargeOutcome)
        .join(Charge, Charge.party_id == Party.id)
        .join(ChargeOutcome, ChargeOutcome.charge_id == Charge.id)
        .where(Party.scope_id.in_(scopes))
        .order_by(ChargeOutcome.id)
    )


def _judgments(scopes: Collection[int]) -> Any:
    return (
        select(Party, Judgment, JudgmentAppeal)
        .join(Judgment, Judgment.party_id == Party.id)
        .outerjoin(JudgmentAppeal, JudgmentAppeal.judgment_id == Judgment.id)
        .where(Party.scope_id.in_(scopes))
        .order_by(Judgment.id, JudgmentAppeal.id)
    )


def _requests(scopes: Collection[int]) -> Any:
    return (
        select(Party, DefenceRequest)
        .join(DefenceRequest, DefenceRequest.party_id == Party.id)
        .where(Party.scope_id.in_(scopes))
        .order_by(DefenceRequest.id)
    )


def _trials(scopes: Collection[int]) -> Any:
    """Return the query of the hearings with which trials began, of each accused."""
    parts = _parts(scopes)
    return (
        select(Party, Hearing)
        .join(parts, stands_in(parts))
        .join(Hearing, Hearing.proceeding_id == parts.c.whole)
        .where(
            Party.scope_id.in_(scopes),
            Party.role.in_(sorted(ACCUSED_ROLES)),
            Hearing.kind == TRIAL,
            Hearing.status == HearingStatus.HELD,
        )
        .order_by(Hearing.id)
    )


def _proceedings(scopes: Collection[int]) -> Mapping[tuple[int, int], Proceeding]:
    """Return by case and by the number of each proceeding of it the one in which that goes on."""
    parts = _parts(scopes)
    query = select(parts.c.scope_id, parts.c.part, Proceeding).join(
        Proceeding, Proceeding.id == parts.c.whole
    )
    rows = session().execute(query.where(parts.c.scope_id.in_(scopes))).all()
    goes_on = {(scope, part, whole.id) for scope, part, whole in rows}
    found: dict[tuple[int, int], Proceeding] = {}
    for scope, part, whole in rows:
        before = found.get((scope, part))
        if before is None or (scope, before.id, whole.id) in goes_on:
            found[scope, part] = whole
    return found


def _parts(scopes: Collection[int]) -> Subquery:
    concern = select(ProceedingScope.proceeding_id).where(ProceedingScope.scope_id.in_(scopes))
    return joined(concern)


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
    yield from offences_of(facts)
    for _, outcomes in facts.charges.values():
        for outcome in outcomes:
            if outcome.kind in QUALIFIES:
                yield DatedEvent("prosecution.act", _date(ChargeOutcome.decided.plain(outcome)))


def offences_of(facts: CourtFacts) -> Iterator[DatedEvent]:
    """Yield when what somebody is charged with is alleged to have been."""
    for charge, _ in facts.charges.values():
        alleged = Charge.alleged.plain(charge)
        if alleged is not None:
            yield DatedEvent("offence.date", alleged)


def ends_of_custody(facts: CourtFacts) -> Iterator[DatedEvent]:
    """Yield what ended police custody: a judge ordered detention, or the custody ended itself."""
    every = (event for title in facts.titles for event in _of_title(title))
    yield from (event for event in every if event.name == "custody.ended")


def _of_title(title: LegalTitle) -> Iterator[DatedEvent]:
    began = _date(LegalTitle.began.plain(title))
    ended = LegalTitle.ended.plain(title)
    if title.kind == TitleKind.PRETRIAL_DETENTION:
        yield DatedEvent("custody.ended", began)
        yield DatedEvent("detention.order", began)
        if ended is not None:
            yield DatedEvent("detention.released", ended)
    elif title.kind == TitleKind.SENTENCE:
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
    is_appealed = DefenceRequest.appealed.plain(request) is not None
    if standing in NOT_GRANTED and request.decided_by == JUDGE and notified and not is_appealed:
        yield DatedEvent("order.notified", notified)


def extensions_of(facts: CourtFacts) -> Iterator[ExtensionOrder]:
    """Yield what made a custody or detention longer, or claims to."""
    kinds = {title.id: TitleKind(title.kind) for title in facts.titles}
    for order in facts.orders:
        clock = EXTENDED.get(kinds[order.legal_title_id]) if order.legal_title_id in kinds else None
        if order.kind == OrderKind.EXTENSION and clock is not None:
            said = {} if order.in_writing is None else {"in_writing": order.in_writing}
            yield ExtensionOrder(clock, CourtOrder.ordered.plain(order), said)


def charges_of(parts: Iterable[CourtFacts]) -> Iterator[AccusedOf]:
    """Yield each charge that stands, as it was qualified from when on, by the days of its steps.

    It is called by its number, so that people who are charged with the same have the same facts.
    """
    charges = [charge for facts in parts for charge in facts.charges.values()]
    for number, (charge, outcomes) in enumerate(charges, start=1):
        if charge.last_step in STANDS:
            steps = in_order(outcomes)
            tiers = [_tier(outcome) for outcome in steps if outcome.kind in QUALIFIES]
            yield AccusedOf(str(number), tuple(tiers))


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
