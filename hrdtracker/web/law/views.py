"""Pages of the rules of law: the list by stage, and what was ever said of one rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.when.say import say_instant
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion
from hrdtracker.proceedings.legal_rules.queries import ReviewCount
from hrdtracker.web.law.words import (
    STAGES,
    RuleChange,
    changes_between,
    facts_of,
    marks_of,
    say_amount,
    say_kind,
    say_review,
    say_says,
    say_where,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.limits import SureMark
from hrdtracker.web.words.proposals import say_what_waits

bp = Blueprint("law", __name__, url_prefix="/rules")


@dataclass(frozen=True)
class RuleItem:
    """A rule in the list: what it says, where, how long, how sure, who reviewed it."""

    says: str
    meta: str
    review: str
    marks: Sequence[SureMark]
    url: str


@dataclass(frozen=True)
class RuleSection:
    """The rules of one stage of a case."""

    id: str
    title: str
    rules: Sequence[RuleItem]

    @property
    def label(self) -> str:
        """What the way to it is called."""
        return self.title

    @property
    def url(self) -> str:
        """Where it stands on the page."""
        return f"#{self.id}"


@dataclass(frozen=True)
class RulesPage:
    """All rules that count, by stage; `waits` are changes that wait for a second person."""

    reviewed: ReviewCount
    sections: Sequence[RuleSection]
    waits: int
    may_change: bool


@dataclass(frozen=True)
class RuleVersionBox:
    """One version of a rule: since when, by whom, what it says, what it changed."""

    uid: UUID
    number: int
    counts: bool
    since: str
    by: str
    marks: Sequence[SureMark]
    review: str
    facts: Sequence[tuple[str, str]]
    changes: Sequence[RuleChange]


@dataclass(frozen=True)
class RulePage:
    """A rule with all its versions, the newest first; what waits for it, in words."""

    key: str
    says: str
    summary: str
    versions: Sequence[RuleVersionBox]
    waits: Sequence[str]
    may_change: bool


@bp.get("")
@needs(Action.LAW_READ)
def index() -> Response:
    """Show the rules by stage, with what a lawyer reviewed."""
    actor = identity.actor()
    rules = queries.rules(actor)
    page = RulesPage(
        queries.ReviewCount(sum(rule.is_reviewed for rule in rules), len(rules)),
        list(_sections(rules)),
        len(queries.waiting(rules)),
        policy.could(actor, Action.LAW_CHANGE),
    )
    return show("law/index.html", page)


def _sections(rules: Sequence[LegalRuleVersion]) -> Iterable[RuleSection]:
    for stage, title in STAGES.items():
        lines = [_item(rule) for rule in rules if rule.stage == stage]
        if lines:
            yield RuleSection(str(stage), gettext(title), lines)


def _item(rule: LegalRuleVersion) -> RuleItem:
    parts = (say_where(rule), say_amount(rule.amount), say_kind(rule))
    meta = " · ".join(part for part in parts if part)
    url = url_for("law.rule", key=rule.key)
    return RuleItem(say_says(rule), meta, say_review(rule), marks_of(rule), url)


@bp.get("/<key>")
@needs(Action.LAW_READ)
def rule(key: str) -> Response:
    """Show what a rule says, and what was ever said of it here."""
    actor = identity.actor()
    versions = queries.versions(actor, key)
    newest = next((each for each in versions if each.superseded_at is None), versions[0])
    page = RulePage(
        key,
        say_says(newest),
        _item(newest).meta,
        _boxes(versions),
        [say_what_waits(each) for each in queries.waiting(versions)],
        policy.could(actor, Action.LAW_CHANGE),
    )
    return show("law/rule.html", page)


def _boxes(versions: Sequence[LegalRuleVersion]) -> list[RuleVersionBox]:
    """Return the versions as boxes; each says what it changed in the one before."""
    people = {each.proposed_by_id for each in versions} | {
        each.confirmed_by_id for each in versions
    }
    names = labels_by_id(number for number in people if number)
    before = {after.id: earlier for after, earlier in pairwise(versions)}
    return [_box(each, before.get(each.id), names) for each in versions]


def _box(
    version: LegalRuleVersion, before: LegalRuleVersion | None, names: dict[int, str]
) -> RuleVersionBox:
    return RuleVersionBox(
        version.uid,
        version.number,
        version.superseded_at is None,
        say_instant(version.recorded_at, zone(), locale(), today()),
        _by(version, names),
        marks_of(version),
        say_review(version),
        facts_of(version),
        changes_between(before, version) if before else [],
    )


def _by(version: LegalRuleVersion, names: dict[int, str]) -> str:
    """Return who proposed and who confirmed a version, or that it came with the program."""
    if version.from_file:
        return str(gettext("From the files of the program"))
    return str(
        gettext(
            "Proposed by %(first)s, confirmed by %(second)s",
            first=names.get(version.proposed_by_id or 0, ""),
            second=names.get(version.confirmed_by_id or 0, ""),
        )
    )
