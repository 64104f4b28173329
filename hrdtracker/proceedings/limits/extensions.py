"""Which orders make a clock longer, and why one that is claimed does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hrdtracker.proceedings.counting.model import Length, StepKind, Window
from hrdtracker.proceedings.facts import AccusedOf, ExtensionOrder
from hrdtracker.proceedings.limits.charges import classes_at, fell_away
from hrdtracker.proceedings.limits.count import Running, capped, earlier, is_before, later
from hrdtracker.proceedings.limits.lengths import lengths_of
from hrdtracker.proceedings.limits.model import (
    OpenQuestion,
    RefusalReason,
    RefusedExtension,
    explained,
)
from hrdtracker.proceedings.limits.view import Truth, View, name_of
from hrdtracker.proceedings.rules.model import LegalRule, RuleKind

Cap = tuple[LegalRule, Length]


@dataclass(frozen=True)
class Extending:
    """A count with the orders that made it longer, and those that did not.

    `sure_end` is the end before the first order of which nobody knows whether it counts.
    """

    running: Running
    uncapped: Running
    used: tuple[LegalRule, ...]
    refused: tuple[RefusedExtension, ...] = ()
    sure_end: Window | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extensions:
    """The rules that may make one clock longer, and the charge and caps they are judged by."""

    view: View
    rules: Sequence[LegalRule]
    charge: AccusedOf | None
    caps: Sequence[Cap]

    def applied(self, running: Running, clock: str) -> Extending:
        """Return the count with every order that counts, and the others with their reasons."""
        so_far = Extending(self.within_caps(running), running, running.rules[:1])
        for order in _in_order(self.view.facts.extensions, clock):
            so_far = self._with_order(so_far, order)
        if so_far.sure_end is None:
            return so_far
        either = Window.around((so_far.sure_end, so_far.running.end.window))
        return replace(so_far, running=so_far.running.ended(either))

    def furthest(self, running: Running) -> Window:
        """Return where every extension that this charge and age may have would bring the end."""
        used = [running.rules[0]]
        while following := self._following(used):
            fitting = [rule for rule in following if self._fits_now(rule)]
            if not fitting:
                break
            running = self._longer(running, fitting[0])
            used.append(fitting[0])
        return self.within_caps(running).end.window

    def within_caps(self, running: Running) -> Running:
        """Return the count no longer than any cap."""
        for cap, length in self.caps:
            running = capped(running, cap, length, self.view)
        return running

    def _with_order(self, so_far: Extending, order: ExtensionOrder) -> Extending:
        rule = self._judged(so_far, order)
        if isinstance(rule, RefusedExtension):
            return self._refuse(so_far, rule)
        longer = self._longer(so_far.uncapped, rule)
        capped_end = self.within_caps(longer)
        if capped_end.end.window == so_far.running.end.window:
            cap = capped_end.rules[-1]
            return self._refuse(so_far, RefusedExtension(order, RefusalReason.CAP_REACHED, cap))
        if not self._fits_now(rule):
            capped_end = self._ground_fell_away(so_far.running, capped_end, rule)
        is_longer = capped_end.end.window != so_far.running.end.window
        asks = self._unsure(rule, order, so_far.running) if is_longer else ()
        return Extending(
            running=capped_end,
            uncapped=longer,
            used=(*so_far.used, rule),
            refused=so_far.refused,
            sure_end=so_far.sure_end or (so_far.running.end.window if asks else None),
            asks=(*so_far.asks, *asks),
        )

    def _unsure(self, rule: LegalRule, order: ExtensionOrder, running: Running) -> tuple[str, ...]:
        """Return what nobody said of an order and what decides whether it counts.

        Its date, too, where on its day the charge may have been of a class that has no such order.
        """
        conditions = [
            name_of(one)
            for one in rule.requires
            if self.view.truth(one, order.conditions) is Truth.UNKNOWN
        ]
        was_about = all(self.view.concerns(rule, seen) for seen in self._classes(order))
        is_sure = was_about and _is_in_time(order, running)
        return (*conditions, *(() if is_sure else (OpenQuestion.ORDER_DATE,)))

    def _refuse(self, so_far: Extending, refused: RefusedExtension) -> Extending:
        step = explained(StepKind.EXTENSION_REFUSED, None, refused.rule, refused.why)
        running, uncapped = so_far.running.told(step), so_far.uncapped.told(step)
        every = (*so_far.refused, refused)
        return replace(so_far, running=running, uncapped=uncapped, refused=every)

    def _following(self, used: Sequence[LegalRule]) -> list[LegalRule]:
        """Return the extensions that may come after those used, whomever they are for."""
        last = used[-1].key
        times = [rule.key for rule in used].count(last)
        return [
            rule
            for rule in self.rules
            if rule.kind is RuleKind.EXTENSION
            and (last in rule.counts.extends or (rule.key == last and times < rule.counts.times))
        ]

    def _judged(self, so_far: Extending, order: ExtensionOrder) -> LegalRule | RefusedExtension:
        """Return the rule by which an order counts, or why it does not count, with its rule."""
        following = self._following(so_far.used)
        if not following:
            return self._nothing_follows(so_far, order)
        fitting = [rule for rule in following if self._fitted(rule, order)]
        if not fitting:
            of_age = any(self.view.is_of_age(rule) for rule in following)
            wrong = RefusalReason.WRONG_CLASS if of_age else RefusalReason.NOT_FOR_THIS_AGE
            return RefusedExtension(order, wrong, following[0])
        rule = fitting[0]
        unmet = self.view.all_of(rule.requires, order.conditions) is Truth.NO
        if unmet or _is_before_it_began(order, so_far.running.start):
            return RefusedExtension(order, RefusalReason.REQUIREMENT_NOT_MET, rule)
        if _is_late(order, so_far):
            return RefusedExtension(order, RefusalReason.TOO_LATE, rule)
        return rule

    def _nothing_follows(self, so_far: Extending, order: ExtensionOrder) -> RefusedExtension:
        for rule in self.rules:
            if rule.kind is RuleKind.NO_EXTENSION and self.view.is_of_age(rule):
                return RefusedExtension(order, RefusalReason.NOT_FOR_THIS_AGE, rule)
        last = so_far.used[-1] if len(so_far.used) > 1 else None
        return RefusedExtension(order, RefusalReason.NO_FURTHER, last)

    def _fitted(self, rule: LegalRule, order: ExtensionOrder) -> bool:
        """Tell whether a rule may have been about the charge as it stood at the order."""
        return any(self.view.concerns(rule, seen) for seen in self._classes(order))

    def _classes(self, order: ExtensionOrder) -> frozenset[str | None]:
        """Return each class that the charge may have had when an order was made."""
        seen = self.view.interpretation.offence_class
        if self.charge is None or not self.charge.tiers:
            return frozenset({seen})
        ordered = Window.of(order.ordered) if order.ordered else None
        found = classes_at(self.charge, ordered or Window(None, None), self.view.book.words)
        return frozenset(one or seen for one in found)

    def _fits_now(self, rule: LegalRule) -> bool:
        return self.view.concerns(rule, self.view.interpretation.offence_class)

    def _longer(self, running: Running, rule: LegalRule) -> Running:
        """Return the count longer by an extension, from the same start as before."""
        (length,) = lengths_of(rule, self.view)
        found = running.lengthened(length)
        step = explained(StepKind.EXTENDED, found.end.window, rule, str(length))
        return replace(found, rules=(*running.rules, rule)).told(step)

    def _ground_fell_away(self, before: Running, longer: Running, rule: LegalRule) -> Running:
        """Return the end where the class that allowed an extension is gone: due from then on.

        No rule was found for this: what stands is that the ground ended, and never before the end
        that was there without the extension. Marked as disputed.
        """
        since = fell_away(self.charge) if self.charge else None
        if since is None:
            return replace(longer, is_disputed=True)
        window = earlier(later(before.end.window, since), longer.end.window)
        step = explained(StepKind.GROUND_FELL_AWAY, window, rule)
        return replace(longer.ended(window), is_disputed=True).told(step)


def _in_order(orders: Sequence[ExtensionOrder], clock: str) -> list[ExtensionOrder]:
    """Return the orders about one clock as they were made; those without a date as they stand."""
    found = [order for order in orders if order.clock == clock]
    return sorted(found, key=_made)


def _made(order: ExtensionOrder) -> float:
    earliest = order.ordered.earliest if order.ordered else None
    return earliest.timestamp() if earliest else float("-inf")


def _is_late(order: ExtensionOrder, so_far: Extending) -> bool:
    """Tell whether an order was certainly not made before the clock had run out."""
    made = Window.of(order.ordered) if order.ordered else None
    end = so_far.running.end.window
    if made is None or made.earliest is None or end.latest is None:
        return False
    return made.earliest >= end.latest


def _is_before_it_began(order: ExtensionOrder, start: Window) -> bool:
    """Tell whether an order was certainly made before there was anything to extend."""
    made = Window.of(order.ordered) if order.ordered else None
    return made is not None and is_before(made, start)


def _is_in_time(order: ExtensionOrder, running: Running) -> bool:
    """Tell whether an order was certainly made while the clock ran: begun, and not run out."""
    made = Window.of(order.ordered) if order.ordered else None
    if made is None or not is_before(made, running.end.window):
        return False
    begun = running.start.earliest
    return made.earliest is not None and (begun is None or begun <= made.earliest)
