"""A file becomes the checklist in use: whole, or not at all."""

from pathlib import Path

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.proceedings.checklists.book import checklist_in_use, known_rights
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.checklists.questions import BrokenChecklist, read_checklist

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "checklists" / "fair_trial.csv"
BYTES_MOST = 1_000_000


def load_checklist(actor: Actor, organisation: Organisation, file: Path) -> Checklist | None:
    """Let a file be the checklist in use from now on; None where it is in use already.

    What was answered keeps the version that was asked. Raises BrokenChecklist with every fault.
    """
    lines = _text(file)
    read_checklist(lines, known_rights())
    with authorised(actor, Action.CHECKLIST_LOAD, on=organisation):
        before = checklist_in_use(organisation.id)
        if before is not None and before.lines == lines:
            return None
        made = Checklist(
            organisation_id=organisation.id,
            number=before.number + 1 if before else 1,
            lines=lines,
            loaded_at=clock.now(),
        )
        session().add(made)
        session().flush()
    return made


def load_first_checklist(actor: Actor, organisation: Organisation) -> None:
    """Load the checklist of this program where none is in use; one’s own is never replaced."""
    if checklist_in_use(organisation.id) is None:
        load_checklist(actor, organisation, SHIPPED)


def _text(file: Path) -> str:
    if file.stat().st_size > BYTES_MOST:
        raise BrokenChecklist(["The file is too large."])
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BrokenChecklist(["It is not UTF-8: save it again as “CSV UTF-8”."]) from None
