"""When each act of the demonstration's past is done: in the order of time, whoever lists it."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office
from hrdtracker.core import clock

TomlTable = Mapping[str, Any]
Act = Callable[[], object]


def read_file(name: str) -> TomlTable:
    """Return what a file of invented data says."""
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))


@dataclass(frozen=True)
class Cast:
    """Who acts: everybody by user name, the offices, and who reviews what an office sends."""

    actors: Mapping[str, Actor]
    offices: Mapping[str, Office]
    reviewers: Mapping[str, str]
    zone: ZoneInfo


@dataclass(frozen=True)
class ScheduledAct:
    """An act and its moment; `number` keeps acts of the same moment in the order they came."""

    at: datetime
    number: int
    do: Act


class Timeline:
    """The acts of the past, each done as of its moment."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.present = cast, clock.now()
        self._acts: list[ScheduledAct] = []

    def schedule(self, at: datetime, act: Act) -> None:
        """Let an act be done at a moment; what would lie ahead is done last."""
        self._acts.append(ScheduledAct(min(at, self.present), len(self._acts), act))

    def play(self) -> None:
        """Do every act as of its moment."""
        for act in sorted(self._acts, key=lambda act: (act.at, act.number)):
            with clock.as_of(act.at):
                act.do()

    def actor(self, login: str) -> Actor:
        """Return somebody of the cast."""
        return self.cast.actors[login]

    def ago(self, days: float) -> datetime:
        """Return the moment so many days before the present."""
        return self.present - timedelta(days=days)

    def present_day(self, days: int) -> date:
        """Return the day so many days after the present."""
        return clock.day_of(self.ago(-days), self.cast.zone)

    def played_day(self, days: float = 0) -> date:
        """Return the day so many days after the moment that is played."""
        return clock.today(self.cast.zone) + timedelta(days=days)
