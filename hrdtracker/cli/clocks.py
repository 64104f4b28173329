"""The limits that run for people, from the console: at any hour, with no name in them."""

import json
from datetime import datetime
from typing import Any

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.core import clock
from hrdtracker.proceedings.clocks.listing import ListedLimit, limits_at


@click.command()
@click.option("--at", metavar="TIME", help="As of this instant, such as 2026-11-21T08:00+07:00.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def clocks(settings: Settings, at: str | None, *, as_json: bool) -> None:
    """List the limits that the law sets, as they stood at an instant, the soonest first.

    People stand by their case's code and the letter they have there; no name is read.
    """
    moment = _instant(at) if at else clock.now()
    with instance.at_work(settings):
        found = limits_at(moment)
    for limit in found:
        click.echo(json.dumps(_plain(limit)) if as_json else _line(limit))
    if not as_json:
        click.echo(f"{len(found):,} limits at {moment.isoformat(timespec='minutes')}.")


def _instant(text: str) -> datetime:
    """Return an instant that somebody typed; it must say its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise click.BadParameter(
            "Write an instant with its zone, such as 2026-11-21T08:00+07:00.", param_hint="--at"
        )
    return moment


def _plain(limit: ListedLimit) -> dict[str, Any]:
    counted, window = limit.limit, limit.limit.window
    return {
        "case": limit.code,
        "letter": limit.letter,
        "people": limit.people,
        "clock": counted.clock,
        "state": str(counted.state),
        "earliest": _text(window.earliest) if window else None,
        "latest": _text(window.latest) if window else None,
        "confidence": str(counted.confidence),
        "reviewed": counted.is_reviewed,
        "rules": [rule.key for rule in counted.rules],
        "articles": [f"{rule.cites.law}, {rule.cites.article}" for rule in counted.rules],
        "missing": list(counted.asks),
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _line(limit: ListedLimit) -> str:
    counted = limit.limit
    ends = counted.window and (counted.window.earliest or counted.window.latest)
    when = ends.isoformat(timespec="minutes") if ends else "-"
    sure = "reviewed" if counted.is_reviewed else str(counted.confidence)
    who = f"{limit.code} {limit.letter or '-'} ({limit.people})"
    return f"{when:27}{counted.state!s:13}{counted.clock:28}{who:24}{sure}"
