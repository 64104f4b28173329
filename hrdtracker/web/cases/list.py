"""The list of cases and the outlines, with filters that stand in the address; no name does."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.cases import queries
from hrdtracker.cases.model import CaseStatus
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_when
from hrdtracker.incidents.case_view import cases
from hrdtracker.web.shell.context import locale, today, word, zone
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.words.cases import case_title, due

LISTS = {"area": "thematic_area", "type": "incident_type", "province": "province"}
DATES = ("from", "to")

Choices = dict[str, dict[str, str]]


def list_page(actor: Actor) -> str:
    """Return the page of cases that the address asks for; what no filter holds is left out."""
    offices, owners = queries.choices(actor)
    choices = {
        "area": _terms("area"),
        "type": _terms("type"),
        "status": {str(status): word(status) for status in CaseStatus},
        "province": _terms("province"),
        "owner": {user.uid.hex: user.display_name for user in owners},
        "office": {each.code: _office(each.name_en, each.name_km) for each in offices},
    }
    chosen = _chosen(choices) | _dates()
    page = cases(actor, _filter(chosen), request.args.get("page"))
    return render_template(
        "cases/index.html",
        page=page,
        rows=[(row, case_title(row.Case), _next(row)) for row in page.rows],
        chosen=chosen,
        choices=choices,
        chips=_chips("cases.index", chosen, choices),
        newer=_address("cases.index", {**chosen, "page": page.newer}) if page.newer else None,
        older=_address("cases.index", {**chosen, "page": page.older}) if page.older else None,
    )


def outlines_page(actor: Actor) -> str:
    """Return the page of outlines that the address asks for."""
    choices = {
        "area": _terms("area"),
        "status": {str(status): word(status) for status in CaseStatus},
        "province": _terms("province"),
    }
    chosen = _chosen(choices)
    page = queries.outlines(actor, _filter(chosen), request.args.get("page"))
    return render_template(
        "cases/outlines.html",
        page=page,
        chosen=chosen,
        choices=choices,
        chips=_chips("cases.outlines", chosen, choices),
        newer=_address("cases.outlines", {**chosen, "page": page.newer}) if page.newer else None,
        older=_address("cases.outlines", {**chosen, "page": page.older}) if page.older else None,
    )


def _terms(name: str) -> dict[str, str]:
    return dict(terms().choices(LISTS[name], locale()))


def _office(english: str, khmer: str) -> str:
    return khmer if locale() == "km" else english


def _chosen(choices: Choices) -> dict[str, str]:
    asked = {name: request.args.get(name, "") for name in choices}
    return {name: value for name, value in asked.items() if value in choices[name]}


def _dates() -> dict[str, str]:
    """Return the ends of the period that were typed, as far as they are dates."""
    typed = {name: request.args.get(name, "").strip() for name in DATES}
    return {name: text for name, text in typed.items() if text and _instant(text) is not None}


def _filter(chosen: dict[str, str]) -> queries.Filter:
    owner = chosen.get("owner")
    return queries.Filter(
        area=chosen.get("area"),
        type=chosen.get("type"),
        status=chosen.get("status"),
        province=chosen.get("province"),
        office=chosen.get("office"),
        owner=UUID(owner) if owner else None,
        start=_instant(chosen.get("from")),
        end=_instant(chosen.get("to"), ends=True),
    )


def _instant(text: str | None, *, ends: bool = False) -> datetime | None:
    """Return where a day, month or year that was typed begins, or ends; None where it is none."""
    when = reader().when(text)
    return when.latest if ends else when.earliest


def _address(endpoint: str, values: dict[str, str]) -> str:
    return f"{url_for(endpoint)}?{urlencode(values)}" if values else url_for(endpoint)


def _chips(endpoint: str, chosen: dict[str, str], choices: Choices) -> list[dict[str, str]]:
    """Return each filter that is on, with the address of the list without it."""
    return [
        {
            "label": choices[name][value] if name in choices else _say_date(name, value),
            "url": _address(endpoint, {key: each for key, each in chosen.items() if key != name}),
        }
        for name, value in chosen.items()
    ]


def _say_date(name: str, text: str) -> str:
    """Return one end of the period as its chip says it."""
    said = say_when(reader().when(text), locale(), today())
    return str(
        gettext("From %(day)s", day=said) if name == "from" else gettext("Until %(day)s", day=said)
    )


def _next(row: Any) -> dict[str, str] | None:
    """Return what comes next in a case: what is due, planned, or to be looked at again."""
    planned = clock.day_of(row.planned_at, zone()) if row.planned_at else None
    look = row.Case.next_look_on if row.Case.status != CaseStatus.CLOSED else None
    days = [day for day in (row.due_on, planned, look) if day is not None]
    if not days:
        return None
    said = due(min(days))
    return {"kind": said.kind, "word": said.word}
