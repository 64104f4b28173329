"""Which tests reach which guard, and which fail without it: each mutant in a child of its own."""

import gc
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

import pytest

from tests.mutation.reached import Reached
from tests.mutation.switch import NONE, SWITCH

KEPT = ("hrdtracker.web.shell.static_files", "hrdtracker.codelists.files")
"""What is kept of files: no guard has a part in it, and it takes long."""
TESTS_MOST, SECONDS_MOST, LONG_S = 400, 180, 5
"""How many tests try to catch a mutant, and for how long; one that takes longer comes last."""
BESIDE = {"cluster", "bucket", "playwright"}
"""Fixtures of what has threads that are not there in a child, where a test would wait for ever."""
LEARNT_MOST = 12
"""How many of those that caught its neighbours come first."""
LITTLE_MOST = 25
"""How many of those that are about little come next."""
ENDLESS_S = 60
"""After how long a test is one that never ends, unless it takes long anyway."""
NOT_CAUGHT = 0xFFFF


@dataclass(eq=False)
class Runner:
    """The plugin that runs tests as it is told, with everything they share made beforehand."""

    work: Callable[["Runner"], object]
    items: dict[str, pytest.Item] = field(default_factory=dict)
    failed: bool = False
    sound: dict[str, bool] = field(default_factory=dict)
    learnt: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Say nothing of single tests."""
        config.pluginmanager.unregister(name="terminalreporter")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that need neither a browser nor a server nor long."""
        self.items = {item.nodeid: item for item in items if _is_quick(item)}

    def pytest_runtestloop(self) -> bool:
        """Do the work in the place of the tests."""
        self.work(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test failed."""
        self.failed |= report.failed

    # Before the mutants ---------------------------------------------------------------------------

    def record(self, tests: list[str]) -> Iterator[tuple[str, float]]:
        """Run tests once; yield each that passed, with its seconds, as the switch noted it."""
        some = [self.items[name] for name in tests]
        for item, following in zip_longest(some, some[1:]):
            forget_what_is_kept()
            SWITCH.differs.clear()
            began = time.perf_counter()
            if self.passes(item, following or item.parent):
                yield item.nodeid, time.perf_counter() - began
        for item in some[-1:]:
            self.leave(item)

    def make_what_is_shared(self) -> None:
        """Run a test for everything that tests of a session share, so that it is made only once."""
        shared: set[str] = set()
        some: list[pytest.Item] = []
        for item in self.items.values():
            needs = _shared_by(item)
            if not needs <= shared:
                shared |= needs
                some.append(item)
        for item, following in zip_longest(some, some[1:]):
            self.passes(item, following or item.parent)
        self.leave(some[-1])
        gc.collect()
        gc.freeze()

    def leave(self, item: pytest.Item) -> None:
        """Let go of what the tests of one module share, and of nothing that all of them share."""
        session: Any = item.session
        session._setupstate.teardown_exact(SimpleNamespace(listchain=lambda: [session]))

    def passes(self, item: pytest.Item, following: Any) -> bool:
        """Run a test; tell whether it passed."""
        self.failed = False
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return not self.failed

    # The mutants ----------------------------------------------------------------------------------

    def catcher(self, mutant: int, tests: list[str]) -> str | None:
        """Return which test fails with this mutant, or that it never ends; nothing if none does."""
        there, here = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(there)
            self._try(mutant, tests, here)
        os.close(here)
        with os.fdopen(there, "rb") as answer:
            number = answer.read()
        os.waitpid(child, 0)
        if not number:
            return "never ends or breaks down"
        place = int.from_bytes(number, "big")
        return None if place == NOT_CAUGHT else tests[place]

    def really_catches(self, mutant: int, test: str, *, alone: bool) -> bool:
        """Tell whether it is the mutant that makes a test fail, and not what ran before it."""
        if test not in self.sound:
            self.sound[test] = self.catcher(NONE, [test]) is None
        return self.sound[test] and (alone or self.catcher(mutant, [test]) is not None)

    def _try(self, mutant: int, tests: list[str], here: int) -> None:
        """Run tests in a child until one fails, and say which; the child ends here."""
        signal.signal(signal.SIGALRM, _give_up)
        began = time.monotonic()
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        forget_what_is_kept()
        SWITCH.active = mutant
        some = [self.items[name] for name in tests]
        number, place = 0, NOT_CAUGHT
        try:
            for number, (item, following) in enumerate(zip_longest(some, some[1:])):
                signal.alarm(ENDLESS_S)
                if not self.passes(item, following or item.parent):
                    place = number
                if place == number or time.monotonic() - began > SECONDS_MOST:
                    break
        except BaseException:  # noqa: BLE001 - whatever happens, the mutant is caught
            place = number
        os.write(here, place.to_bytes(2, "big"))
        os._exit(0)

    def order(self, mutant: int, tests: Sequence[str], known: Reached) -> list[str]:
        """Return the tests that may catch a mutant: first those that caught its neighbours.

        Then those that are about little, then the quickest of each file.
        """
        of = SWITCH.mutants[mutant]
        there = [name for name in tests if name in self.items]
        learnt = [*self.learnt[of.module, of.function], *self.learnt[of.module, ""]]
        known_before = set(there)
        first = [name for name in learnt if name in known_before][:LEARNT_MOST]
        kinds = {known.kind(name): name for name in there}
        little = sorted(kinds.values(), key=known.size)[:LITTLE_MOST]
        by_file: dict[str, list[str]] = defaultdict(list)
        for name in sorted(there, key=known.cost):
            by_file[name.partition("::")[0]].append(name)
        turns = [name for turn in zip_longest(*by_file.values()) for name in turn if name]
        some = list(dict.fromkeys([*first, *little, *turns]))[:TESTS_MOST]
        return sorted(some, key=lambda name: known.seconds[name] > LONG_S)

    def learn(self, mutant: int, test: str) -> None:
        """Try a test first that has caught a neighbour."""
        of = SWITCH.mutants[mutant]
        for key in ((of.module, of.function), (of.module, "")):
            names = self.learnt[key]
            if test in names:
                names.remove(test)
            names.insert(0, test)


class TakesTooLong(BaseException):
    """A test never ends; it is no exception that a program catches."""


def _give_up(*_: object) -> None:
    raise TakesTooLong


def _is_quick(item: pytest.Item) -> bool:
    beside = BESIDE & set(getattr(item, "fixturenames", ()))
    slow = item.get_closest_marker("deep") or item.get_closest_marker("browser")
    return not (beside or slow or "postgresql" in item.nodeid)


def _shared_by(item: pytest.Item) -> set[str]:
    info = getattr(item, "_fixtureinfo", None)
    known = info.name2fixturedefs if info else {}
    return {name for name, some in known.items() if some and some[-1].scope == "session"}


def forget_what_is_kept() -> None:
    """Empty what functions of the program keep of their answers."""
    for name, module in list(sys.modules.items()):
        if name.startswith("hrdtracker.") and name not in KEPT:
            for kept in list(vars(module).values()):
                if isinstance(kept, _lru_cache_wrapper):
                    kept.cache_clear()
