"""What changed, said in words: the name of each field, and its value before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from hrdtracker.accounts.display_names import labels
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.reviewing import Difference
from hrdtracker.web.shell.context import locale, today, word, zone

FIELDS = {
    "type": N_("What happened"),
    "urgency": N_("How urgent"),
    "occurred_as_told": N_("When, as told"),
    "occurred_earliest": N_("When"),
    "place_kind": N_("Where"),
    "province": N_("Province"),
    "district": N_("District"),
    "commune": N_("Commune"),
    "country": N_("Country"),
    "platform": N_("Platform"),
    "place": N_("Place in words"),
    "village": N_("Village"),
    "account": N_("Account"),
    "link": N_("Link"),
    "narrative": N_("In words"),
    "language": N_("Language"),
    "tie": N_("Tied to rights work"),
    "lawyer_contacted": N_("Lawyer contacted"),
    "arrived_as_told": N_("Arrived, as told"),
    "arrived_earliest": N_("Arrived at the police unit"),
    "place_held": N_("Place held"),
    "status_at_end": N_("What happened to them"),
    "perpetrator_type": N_("Alleged perpetrator"),
    "alleged_perpetrator_id": N_("Alleged perpetrator on record"),
    "words": N_("Unit, body or company"),
    "degree": N_("How they were involved"),
    "certainty": N_("How certain"),
    "connection": N_("Source"),
    "reliability": N_("How reliable the source is"),
    "material": N_("Kind of material"),
}
LISTS = {
    "type": "incident_type",
    "province": "province",
    "district": "district",
    "commune": "commune",
    "country": "country",
    "platform": "platform",
    "language": "language",
    "urgency": "urgency",
    "lawyer_contacted": "lawyer_contacted",
    "status_at_end": "victim_status",
    "perpetrator_type": "perpetrator_type",
    "degree": "degree_of_involvement",
    "certainty": "certainty",
    "connection": "source_connection",
    "reliability": "source_reliability",
    "material": "source_material",
}


@dataclass(frozen=True)
class Said:
    """One change in words."""

    what: str
    before: str
    after: str
    who: str


def say_differences(found: list[Difference]) -> list[Said]:
    """Return changes in the reader's language, with who made them."""
    names = labels({each.actor_uid for each in found})
    return [
        Said(
            gettext(FIELDS.get(each.column, each.column)),
            _say(each.column, each.before),
            _say(each.column, each.after),
            f"{names.get(each.actor_uid, '')}, {say_instant(each.at, zone(), locale(), today())}",
        )
        for each in found
    ]


def _say(column: str, value: Any) -> str:
    if value is None or value == "":
        return str(gettext("Not known"))
    if column in LISTS:
        return terms().label(LISTS[column], str(value), locale())
    if column.endswith("_earliest"):
        return say_instant(datetime.fromisoformat(value), zone(), locale())
    return word(value) or str(value)
