"""The demonstration’s invented observations of hearings: one half filled in, one confirmed."""

from uuid import UUID

from hrdtracker.access.actor import Actor
from hrdtracker.cli.demo.timeline import TomlTable
from hrdtracker.proceedings import observing
from hrdtracker.proceedings.drafts.observations import AnswerDraft, Answered, Noted, RightDraft
from hrdtracker.proceedings.model import Hearing, TrialObservation
from hrdtracker.proceedings.reading.observations import AskedQuestion, observation_details


def observe(actor: Actor, hearing: Hearing, table: TomlTable) -> None:
    """Let somebody answer what the file says, finish, and say what is in question."""
    row = observing.begin(actor, hearing)
    for key, said in table["answers"].items():
        asked = observation_details(actor, row.uid).find(key)
        assert asked is not None, key  # noqa: S101 - the file names questions of the checklist
        observing.answer(actor, row, _answers(asked, said, table.get("notes", {}).get(key)))
    if "confirmed" in table:
        observing.finish(actor, row)
        _confirm(actor, row, table["confirmed"])


def _answers(asked: AskedQuestion, said: list[str], note: str | None) -> AnswerDraft:
    """Return the answers of the file: the last one stands for all further accused."""
    parties: list[UUID | None] = [one.party.uid for one in asked.accused]
    places = parties if asked.question.is_of_each else [None]
    answers = tuple(
        Answered(said[min(number, len(said) - 1)], uid) for number, uid in enumerate(places)
    )
    case = asked.cases[0].uid if asked.question.is_of_each else None
    return AnswerDraft(asked.question.key, 0, answers, (Noted(note, case),) if note else ())


def _confirm(actor: Actor, row: TrialObservation, said: list[bool]) -> None:
    rights = observation_details(actor, row.uid).rights
    drafts = [
        RightDraft(right.row.uid, right.row.version, in_question)
        for right, in_question in zip(rights, said, strict=False)
    ]
    observing.confirm(actor, row, drafts)
