"""A rule of law in words: how long, what it does, how sure it is, what changed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext

from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_day
from hrdtracker.proceedings.clocks.law import law
from hrdtracker.proceedings.legal_rules.book import COUNTRY
from hrdtracker.proceedings.legal_rules.drafts import CELLS
from hrdtracker.proceedings.legal_rules.model import COLUMN_OF, LegalRuleVersion
from hrdtracker.proceedings.rules.cells import BadCell, amount, parts
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.model import (
    Citation,
    Confidence,
    LengthUnit,
    RuleKind,
    RuleStage,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, today
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.fields import label_of, say_value
from hrdtracker.web.words.limits import CONFIDENCES, SureMark, Sureness, say_law

STAGES: Mapping[str, str] = {
    RuleStage.POLICE: N_("With the police"),
    RuleStage.INVESTIGATION: N_("With the investigating judge, and detention before trial"),
    RuleStage.TRIAL: N_("Trial"),
    RuleStage.APPEAL: N_("Appeals"),
    RuleStage.SENTENCE: N_("Sentence and release"),
    RuleStage.LIMITATION: N_("Time after which nothing is prosecuted"),
    RuleStage.ASSEMBLY: N_("Assemblies"),
    RuleStage.COUNTING: N_("How time and age are counted"),
}
KINDS: Mapping[str, str] = {
    RuleKind.LATEST: N_("Ends at the latest then"),
    RuleKind.EARLIEST: N_("Possible from then on"),
    RuleKind.BACKWARDS: N_("At least so long before"),
    RuleKind.CAP: N_("Never longer than this"),
    RuleKind.EXTENSION: N_("Extends the time"),
    RuleKind.RESTART: N_("Begins the time anew"),
    RuleKind.THRESHOLD: N_("Allowed only where this is so"),
    RuleKind.FORBIDDEN: N_("Not allowed at all"),
    RuleKind.NO_EXTENSION: N_("Allows no extension"),
    RuleKind.NEVER_RUNS: N_("No time runs"),
    RuleKind.AGE: N_("About the age"),
    RuleKind.CREDIT: N_("Takes time off"),
    RuleKind.QUESTION: N_("A duty without a figure"),
    RuleKind.REFERENCE: N_("For reading, never counted"),
}
UNITS: Mapping[LengthUnit, str] = {
    LengthUnit.MINUTES: N_("%(count)s minutes"),
    LengthUnit.HOURS: N_("%(count)s hours"),
    LengthUnit.DAYS: N_("%(count)s days"),
    LengthUnit.WEEKS: N_("%(count)s weeks"),
    LengthUnit.MONTHS: N_("%(count)s months"),
    LengthUnit.YEARS: N_("%(count)s years"),
    LengthUnit.WORKING_DAYS: N_("%(count)s working days"),
    LengthUnit.OF_MINIMUM: N_("%(count)s of the least penalty"),
    LengthUnit.OF_HALVED_MINIMUM: N_("%(count)s of the halved least penalty"),
    LengthUnit.OF_SENTENCE: N_("%(count)s of the sentence"),
    LengthUnit.OF_PENALTY: N_("%(count)s of the penalty"),
}
ONE: Mapping[LengthUnit, str] = {
    LengthUnit.DAYS: N_("1 day"),
    LengthUnit.WEEKS: N_("1 week"),
    LengthUnit.MONTHS: N_("1 month"),
    LengthUnit.YEARS: N_("1 year"),
    LengthUnit.HOURS: N_("1 hour"),
}


@dataclass(frozen=True)
class RuleChange:
    """What one cell of a rule said before, and what it says since."""

    label: str
    before: str
    after: str


def say_says(version: LegalRuleVersion) -> str:
    """Return what a rule says, in the reader's language where it has it."""
    return version.says_km if locale() == "km" and version.says_km else version.says


def say_where(version: LegalRuleVersion) -> str:
    """Return the law and the article of a rule."""
    cites = Citation(version.law, version.article, "", (), Confidence.READ_IN_TEXT)
    return say_law(cites)


def say_amount(text: str) -> str:
    """Return how long a rule runs: "48 hours"; nothing where it has no length."""
    try:
        said = amount(text)
    except BadCell:
        return text
    if said.number == 1 and said.unit in ONE:
        return str(gettext(ONE[said.unit]))
    return str(gettext(UNITS[said.unit], count=_say_number(said.number)))


def _say_number(count: Fraction) -> str:
    whole = count.denominator == 1
    return number(count.numerator) if whole else number(f"{count.numerator}/{count.denominator}")


def say_kind(version: LegalRuleVersion) -> str:
    """Return what a rule does to a clock."""
    return str(gettext(KINDS[version.kind])) if version.kind in KINDS else version.kind


def say_review(version: LegalRuleVersion) -> str:
    """Return which lawyer reviewed a rule and when; nothing where nobody did."""
    if version.reviewed_on is None:
        return ""
    day = say_day(version.reviewed_on, locale(), today())
    return str(gettext("Reviewed by %(who)s, %(day)s", who=version.reviewed_by, day=day))


def marks_of(version: LegalRuleVersion) -> list[SureMark]:
    """Return how sure a rule is: checked by a lawyer, or where we know it from."""
    if version.is_reviewed:
        return [SureMark(Sureness.CHECKED, gettext("Checked by a lawyer"))]
    disputed = version.confidence == Confidence.DISPUTED
    kind = Sureness.TWO if disputed else Sureness.EXPECTED
    known = version.confidence in set(Confidence)
    words = gettext(CONFIDENCES[Confidence(version.confidence)]) if known else version.confidence
    return [SureMark(kind, words)]


def facts_of(version: LegalRuleVersion) -> list[tuple[str, str]]:
    """Return what a version says, as the file has it, where it says anything."""
    table, cells = version.__tablename__, version.cells()
    cells = {**cells, "sources": _say_sources(cells["sources"])}
    columns = [(COLUMN_OF[name], cells[name]) for name in ("clock", *CELLS) if cells[name]]
    return [(label_of(table, column), said) for column, said in columns if column != "says_km"]


def _say_sources(keys: str) -> str:
    """Return who says so, as the file of sources tells of them; their keys stand before."""
    told = rule_book(COUNTRY).words.sources
    return " | ".join(f"{key} – {told[key]}" if key in told else key for key in parts(keys, "|"))


def changes_between(before: LegalRuleVersion, after: LegalRuleVersion) -> Sequence[RuleChange]:
    """Return which cells say something else since."""
    table = after.__tablename__
    columns = [(COLUMN_OF[name], said) for name, said in before.cells().items()]
    return [
        RuleChange(
            label_of(table, column),
            say_value(table, column, getattr(before, column)),
            say_value(table, column, getattr(after, column)),
        )
        for column, _ in columns
        if getattr(before, column) != getattr(after, column)
    ]


def say_because(keys: Sequence[str]) -> str:
    """Return by which rules a limit would move, in words; none: the public holidays."""
    if not keys:
        return str(gettext("Public holidays"))
    known = {rule.key: rule.cites for rule in law(identity.actor().organisation_id).rules}
    said = [known[key] for key in keys if key in known]
    return in_a_row(*((cites.says_km if locale() == "km" else "") or cites.says for cites in said))
