"""What one reading of the facts comes to for one clock: every end that its rules allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from hrdtracker.proceedings.counting.model import OF_INSTANTS, Counting, Length, StepKind
from hrdtracker.proceedings.facts import AccusedOf
from hrdtracker.proceedings.limits.charges import class_of, fell_away, last_tier
from hrdtracker.proceedings.limits.count import (
    Running,
    begin,
    credited,
    not_before_its_start,
    paused,
    restarted,
)
from hrdtracker.proceedings.limits.extensions import Cap, Extending, Extensions
from hrdtracker.proceedings.limits.lengths import lengths_of, what_is_missing
from hrdtracker.proceedings.limits.model import ClockEnd, EndKind, ExplainedStep, explained
from hrdtracker.proceedings.limits.requalified import requalified
from hrdtracker.proceedings.limits.starts import Start, awaited, starts_of
from hrdtracker.proceedings.limits.stays import Stays, stays_of
from hrdtracker.proceedings.limits.view import Truth, View
from hrdtracker.proceedings.rules.model import BASES, Confidence, LegalRule, RuleKind


@dataclass(frozen=True)
class ClockRules:
    """The rules of one clock as one reading takes them: those about this charge, and every one."""

    view: View
    charge: AccusedOf | None
    every: Sequence[LegalRule]
    about: Sequence[LegalRule]

    def of_kind(self, kind: RuleKind) -> list[LegalRule]:
        """Return the rules of one kind that are about this charge."""
        return [rule for rule in self.about if rule.kind is kind]

    @property
    def base(self) -> LegalRule | None:
        """Return the rule that ends the clock by itself."""
        found = (rule for kind in BASES for rule in self.of_kind(kind))
        return next(found, None)

    @property
    def forbidding(self) -> list[LegalRule]:
        """Return the rules that do not allow at all what the clock is about."""
        thresholds = self.of_kind(RuleKind.THRESHOLD)
        unmet = [rule for rule in thresholds if self._met(rule) is Truth.NO]
        return [*self.of_kind(RuleKind.FORBIDDEN), *unmet]

    @property
    def doubted(self) -> list[LegalRule]:
        """Return the thresholds of which nobody can tell whether they are met."""
        open_ones = {Truth.UNKNOWN, Truth.DISPUTED}
        thresholds = self.of_kind(RuleKind.THRESHOLD)
        return [rule for rule in thresholds if self._met(rule) in open_ones]

    @property
    def questions(self) -> list[LegalRule]:
        """Return what the law leaves to a lawyer about a charge: none where nobody is charged."""
        return self.of_kind(RuleKind.QUESTION) if self.charge else []

    @property
    def undecided(self) -> list[LegalRule]:
        """Return the rules of which nobody can tell whether they apply; a no leaves one out."""
        seen = self.view.interpretation.offence_class
        return [
            rule
            for rule in self.every
            if self.view.concerns(rule, seen)
            and self.view.all_of(rule.applies.conditions) is Truth.UNKNOWN
        ]

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Return what nobody said and what decides whether a rule of this clock applies."""
        conditions = [one for rule in self.undecided for one in rule.applies.conditions]
        return tuple(dict.fromkeys(self.view.unknown(conditions)))

    def before(self, base: LegalRule) -> "ClockRules | None":
        """Return the rules for what a charge was before it was qualified as it is now.

        Only for what holds somebody, counted to the instant: the time in which to prosecute is that
        of the offence as it is.
        """
        if (
            not self.charge
            or len(self.charge.tiers) == 1
            or base.counts.countings[0] not in OF_INSTANTS
        ):
            return None
        charge = replace(self.charge, tiers=self.charge.tiers[:-1])
        offence_class = class_of(last_tier(charge), self.view.book.words)
        seen = replace(self.view.interpretation, offence_class=offence_class)
        view = replace(self.view, interpretation=seen, tier=last_tier(charge))
        return clock_rules(view, charge, self.every)

    def _met(self, rule: LegalRule) -> Truth:
        return self.view.all_of(rule.requires)


def clock_rules(view: View, charge: AccusedOf | None, every: Sequence[LegalRule]) -> ClockRules:
    """Return the rules that one reading takes; a condition that nobody can tell leaves one out."""
    offence_class = view.interpretation.offence_class
    about = [
        rule
        for rule in every
        if view.concerns(rule, offence_class) and view.all_of(rule.applies.conditions) is Truth.YES
    ]
    return ClockRules(view, charge, every, about)


def ends_of(rules: ClockRules) -> Iterator[ClockEnd]:
    """Yield every end of one reading; more than one where it is disputed how to count."""
    never = rules.of_kind(RuleKind.NEVER_RUNS)
    base = rules.base
    if never:
        step = explained(StepKind.NEVER_RUNS, None, never[0])
        yield ClockEnd(EndKind.NEVER_RUNS, rules=tuple(never[:1]), steps=(step,))
    elif base is None:
        yield from _without_end(rules)
    elif awaits := awaited(base, rules.view):
        step = explained(StepKind.AWAITED, None, base, awaits)
        yield ClockEnd(EndKind.NOT_STARTED, rules=(base,), asks=(awaits,), steps=(step,))
    else:
        for start in starts_of(base, rules.view):
            yield from _from_start(rules, base, start)


def _without_end(rules: ClockRules) -> Iterator[ClockEnd]:
    """Yield what thresholds alone say, once what they are about has happened."""
    thresholds = rules.of_kind(RuleKind.THRESHOLD)
    if rules.forbidding:
        yield _forbidden(rules.forbidding, is_stopped=_is_stopped(rules))
    elif thresholds and any(any(starts_of(rule, rules.view)) for rule in thresholds):
        yield _allowed(rules, thresholds)
    elif rules.unsaid:
        yield ClockEnd(EndKind.NOT_KNOWN, rules=tuple(rules.undecided), asks=rules.unsaid)


def _allowed(rules: ClockRules, thresholds: Sequence[LegalRule]) -> ClockEnd:
    doubts = rules.doubted
    asks = [ask for rule in thresholds for ask in rules.view.unknown(rule.requires)]
    return ClockEnd(
        EndKind.NOT_KNOWN if doubts else EndKind.ALLOWED,
        rules=tuple(thresholds),
        asks=tuple(asks),
        doubts=tuple(doubts),
        steps=tuple(
            explained(StepKind.DOUBTED if rule in doubts else StepKind.ALLOWED, None, rule)
            for rule in thresholds
        ),
    )


def _forbidden(forbidding: Sequence[LegalRule], *, is_stopped: bool) -> ClockEnd:
    steps = tuple(explained(StepKind.FORBIDDEN, None, rule) for rule in forbidding)
    kind = EndKind.STOPPED if is_stopped else EndKind.FORBIDDEN
    return ClockEnd(kind, rules=tuple(forbidding), steps=steps)


def _is_stopped(rules: ClockRules) -> bool:
    """Tell whether what is forbidden is over: by what would end the clock of anybody else."""
    for rule in rules.every:
        begun = [start.window for start in starts_of(rule, rules.view) if start.window]
        held = stays_of(rule, begun[0], rules.view) if begun else None
        if held and held.is_over:
            return held.is_stopped
    return False


def _from_start(rules: ClockRules, base: LegalRule, start: Start) -> Iterator[ClockEnd]:
    former = rules.before(base)
    then = tuple(_from_start(former, former.base, start)) if former and former.base else ()
    since = fell_away(rules.charge) if rules.charge else None
    yield from (requalified(end, then, since) for end in _counted(rules, base, start))


def _counted(rules: ClockRules, base: LegalRule, start: Start) -> Iterator[ClockEnd]:
    unmet = _not_started(rules, base)
    if unmet:
        yield unmet
        return
    lengths = lengths_of(base, rules.view)
    if start.window is None or not lengths:
        missing = () if lengths else what_is_missing(base, rules.view)
        asks = (*start.asks, *missing)
        yield ClockEnd(EndKind.NOT_KNOWN, rules=(base,), asks=asks, steps=start.steps)
        return
    held = stays_of(base, start.window, rules.view)
    for length, counting in product(lengths, base.counts.countings):
        adds_up = (False, True) if held.is_again and counting in OF_INSTANTS else (False,)
        for caps, is_added in product(product(*_caps(rules, base)), adds_up):
            yield _end(rules, start, _Way(base, held, is_added, length, counting, caps))


def _not_started(rules: ClockRules, base: LegalRule) -> ClockEnd | None:
    """Return that a clock has not started, where its rule requires what is not so."""
    if rules.view.all_of(base.requires) is not Truth.NO:
        return None
    return ClockEnd(EndKind.NOT_STARTED, rules=(base,))


def _caps(rules: ClockRules, base: LegalRule) -> list[list[Cap]]:
    """Return for each cap its lengths, of which one way takes one; without any it is left out."""
    caps = [rule for rule in rules.of_kind(RuleKind.CAP) if rule is not base]
    found = [[(cap, length) for length in lengths_of(cap, rules.view)] for cap in caps]
    return [lengths for lengths in found if lengths]


@dataclass(frozen=True)
class _Way:
    """One way to count: its base and stays, a length, a counting, a length for each cap.

    `is_added` where the time of earlier stays is taken off.
    """

    base: LegalRule
    held: Stays
    is_added: bool
    length: Length
    counting: Counting
    caps: tuple[Cap, ...]


def _end(rules: ClockRules, start: Start, way: _Way) -> ClockEnd:
    view, base, held = rules.view, way.base, way.held
    running = begin(base, way.length, way.counting, held.begins, view)
    running = _adjusted(rules, running.after(*held.left_out) if way.is_added else running, base)
    extensions = Extensions(view, rules.every, rules.charge, way.caps)
    extended = extensions.applied(running, base.clock)
    has_furthest = base.kind in {RuleKind.LATEST, RuleKind.CAP}
    return ClockEnd(
        kind=_kind(rules, extended.running, held),
        window=extended.running.end.window,
        plain=extended.running.end.plain,
        moved=extended.running.end.moved,
        furthest=extensions.furthest(running) if has_furthest else None,
        rules=(*extended.running.rules, *rules.forbidding),
        refused=extended.refused,
        asks=(*start.asks, *running.asks, *_asks(rules, base), *extended.asks, *held.asks),
        doubts=tuple(rules.doubted),
        is_disputed=start.is_disputed or extended.running.is_disputed or _leaves_open(rules),
        steps=(*start.steps, *_steps(rules, extended, is_stopped=held.is_over)),
    )


def _leaves_open(rules: ClockRules) -> bool:
    """Tell whether it is disputed if this charge allows at all what the clock is about."""
    return any(rule.cites.confidence is Confidence.DISPUTED for rule in rules.questions)


def _adjusted(rules: ClockRules, running: Running, base: LegalRule) -> Running:
    """Return the count with what restarts, credits or pauses it."""
    for rule in rules.of_kind(RuleKind.RESTART):
        running = restarted(running, rule, rules.view)
    for rule in rules.of_kind(RuleKind.CREDIT):
        running = credited(running, rule, rules.view)
    return not_before_its_start(paused(running, base, rules.view))


def _kind(rules: ClockRules, running: Running, held: Stays) -> EndKind:
    if held.is_over:
        return EndKind.STOPPED if held.is_stopped else EndKind.NOT_KNOWN
    if rules.forbidding:
        return EndKind.FORBIDDEN
    return EndKind.PAUSED if running.open_pause else EndKind.END


def _asks(rules: ClockRules, base: LegalRule) -> Iterator[str]:
    """Yield what would bring another end, and the questions that the law leaves to a lawyer.

    A cap that is disputed itself asks for nothing: it would not be counted with certainty either.
    """
    for cap in rules.of_kind(RuleKind.CAP):
        unsure = cap.cites.confidence is Confidence.DISPUTED
        if cap is not base and not unsure and not lengths_of(cap, rules.view):
            yield from what_is_missing(cap, rules.view)
    yield from (rule.key for rule in rules.questions)
    yield from rules.unsaid
    for rule in rules.doubted:
        yield from rules.view.unknown(rule.requires)


def _steps(rules: ClockRules, extended: Extending, *, is_stopped: bool) -> Iterator[ExplainedStep]:
    yield from extended.running.steps
    yield from (explained(StepKind.FORBIDDEN, None, rule) for rule in rules.forbidding)
    yield from (explained(StepKind.DOUBTED, None, rule) for rule in rules.doubted)
    if is_stopped:
        yield explained(StepKind.STOPPED, None, None)
