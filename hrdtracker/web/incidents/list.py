"""The list of incidents and its filters, which stand in the address; no name ever does."""

from datetime import datetime
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office
from hrdtracker.cases.case_creation import offices_of_work
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.text import unkeepable
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import read_when
from hrdtracker.incidents import queries
from hrdtracker.incidents.model import IncidentStatus
from hrdtracker.web.shell.context import locale, today, word, zone

LISTS = {"area": "thematic_area", "type": "incident_type", "province": "province"}
Choices = dict[str, list[tuple[str, str]]]
NAMES = ("area", "type", "status", "province", "office", "owner", "from", "to")


def list_page(actor: Actor) -> str:
    """Return the page of incidents that the address asks for."""
    asked = {name: value for name in NAMES if (value := request.args.get(name, "").strip())}
    wrong = unkeepable(asked, one_line=True)
    chosen = {name: value for name, value in asked.items() if name not in wrong}
    page = queries.incidents(actor, _filter(chosen), request.args.get("page"))
    choices = {name: terms().choices(codelist, locale()) for name, codelist in LISTS.items()}
    choices["status"] = [(status.value, word(status)) for status in IncidentStatus]
    if len(offices := offices_of_work(actor)) > 1:
        choices["office"] = [(office.code, _office(office)) for office in offices]
    return render_template(
        "incidents/index.html",
        page=page,
        rows=[(row, queries.occurred(row)) for row in page.rows],
        chosen=chosen,
        choices=choices,
        chips=_chips(chosen, choices),
        newer=_url(chosen, page.newer),
        older=_url(chosen, page.older),
    )


def _filter(chosen: dict[str, str]) -> queries.Filter:
    return queries.Filter(
        area=chosen.get("area"),
        type=chosen.get("type"),
        status=chosen.get("status"),
        province=chosen.get("province"),
        office=chosen.get("office"),
        owner=chosen.get("owner"),
        start=_instant(chosen.get("from")),
        end=_instant(chosen.get("to"), ends=True),
    )


def _instant(text: str | None, *, ends: bool = False) -> datetime | None:
    """Return where a day, month or year that was typed begins, or ends; None where it is none."""
    when: When | None = read_when(text, today(), zone()) if text else None
    if when is None:
        return None
    return when.latest if ends else when.earliest


def _url(chosen: dict[str, str], page: str | None) -> str | None:
    return _address({**chosen, "page": page}) if page else None


def _address(values: dict[str, str]) -> str:
    return f"{url_for('incidents.index')}?{urlencode(values)}"


def _office(office: Office) -> str:
    return office.name_km if locale() == "km" else office.name_en


def _chips(chosen: dict[str, str], choices: Choices) -> list[dict[str, str]]:
    """Return each filter that is on, with the address of the list without it."""
    return [
        {
            "label": _say(name, value, dict(choices.get(name, ()))),
            "url": _address({key: each for key, each in chosen.items() if key != name}),
        }
        for name, value in chosen.items()
    ]


def _say(name: str, value: str, words: dict[str, str]) -> str:
    """Return one filter as its chip says it."""
    if name == "from":
        return str(gettext("From %(day)s", day=value))
    return str(gettext("Until %(day)s", day=value)) if name == "to" else words.get(value, value)
