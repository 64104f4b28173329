"""What was ordered, in the reader’s words: when, by whom, until when, what became of it."""

from flask_babel import gettext

from hrdtracker.core.errors import N_
from hrdtracker.proceedings.model import CourtOrder, OrderKind
from hrdtracker.proceedings.reading.appointments import APPEAR
from hrdtracker.web.shell.context import say_told
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.courts import say_term


def is_outstanding(row: CourtOrder) -> bool:
    """Tell whether nobody said yet that an order was carried out or withdrawn."""
    return row.executed is None and row.withdrawn is None


def say_order(row: CourtOrder) -> str:
    """Return when and by whom something was ordered, until when, and what became of it."""
    until = N_("appear on %(when)s") if row.kind in APPEAR else N_("until %(when)s")
    parts = [
        begin(say_told(row.ordered, brief=True)),
        say_term("deciding_body", row.ordered_by),
        _on(until, row, "due"),
        _on(N_("carried out %(when)s"), row, "executed"),
        _on(N_("withdrawn %(when)s"), row, "withdrawn"),
    ]
    if row.kind == OrderKind.ARREST_WARRANT and is_outstanding(row):
        parts.append(str(gettext("outstanding")))
    if row.keeps_detained is not None:
        kept, free = gettext("they stay detained until the trial"), gettext("they go free")
        parts.append(str(kept if row.keeps_detained else free))
    return " · ".join(part for part in parts if part)


def _on(sentence: str, row: CourtOrder, name: str) -> str:
    when = getattr(row, name)
    return str(gettext(sentence, when=say_told(when, brief=True))) if when else ""
