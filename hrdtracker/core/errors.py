"""What can be refused, and the sentence that says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the name gettext's extractor looks for
    """Mark `text` for translation; the channel translates it where it is read."""
    return text


@dataclass(frozen=True)
class Message:
    """A sentence for a person: text marked with `N_`, and what goes into its `%(name)s` places.

    A number goes in as a number, and a sentence as a Message: the channel says them.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


def message(reason: Message | str) -> Message:
    """Return `reason` as a Message."""
    return reason if isinstance(reason, Message) else Message(reason)


class DomainError(Exception):
    """Something the domain refuses; `reason` is the sentence for the person who asked."""

    default = N_("This cannot be done.")

    def __init__(self, reason: Message | str | None = None) -> None:
        self.reason = message(reason or self.default)
        super().__init__(self.reason.text)


class Refused(DomainError):
    """What was handed over does not hold: one reason a field, `""` for the whole."""

    default = N_("Something needs correcting. All you typed is still here.")

    def __init__(self, reasons: Mapping[str, Message | str]) -> None:
        super().__init__()
        self.reasons = {name: message(reason) for name, reason in reasons.items()}


class NotFound(DomainError):
    """Missing, or hidden from this person: the two look alike."""

    default = N_("There is nothing here, or nothing you may see.")


class NotAllowed(DomainError):
    """The person may read the record and may not do this to it."""

    default = N_("Your role does not allow this.")


class AtStandstill(DomainError):
    """The database is older than what is known of it, and nobody has said why yet."""

    default = N_("This database is older than it was. Nothing is done until two people say why.")


class ProofDue(DomainError):
    """The person may do this, once they have shown again who they are; `verb` is what they do."""

    default = N_("This asks once more who you are.")

    def __init__(self, verb: str) -> None:
        super().__init__()
        self.verb = verb


class WrongStatus(DomainError):
    """The act is not open to a record in this status."""

    default = N_("This is no longer possible: it has moved on since you opened it.")


class Stale(DomainError):
    """The record changed after the form was opened."""

    default = N_("This was saved by somebody, or by you, after you opened it.")


class Overtaken(Exception):
    """Somebody else changed, at the same moment, a row that an act was about to write.

    No refusal: begun again, the act sees what is there now.
    """
