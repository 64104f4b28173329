"""What takes two people, in sentences: what it is, what it changes, what the reader may do."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.accounts.waiting_time import COUNTS_BY_WAITING
from hrdtracker.cases.appeals import held_back
from hrdtracker.cases.queries import codes_of
from hrdtracker.core.money import Rate
from hrdtracker.core.when.say import say_day, say_instant
from hrdtracker.web.shell.context import locale, number, office_name, today, word, zone
from hrdtracker.web.words.proposed_by import say_decided, say_proposed
from hrdtracker.web.words.proposed_courts import say_tie
from hrdtracker.web.words.proposed_law import say_law, say_limit
from hrdtracker.web.words.proposed_reports import (
    say_court_figures,
    say_money_report,
    say_people_report,
)
from hrdtracker.web.words.proposed_settings import say_settings
from hrdtracker.web.words.requests import say_rate_of
from hrdtracker.web.words.roles import GIVES

REPORTS = frozenset({Action.FUND_REPORT_MONEY, Action.FUND_REPORT_PEOPLE, Action.FIGURES_RELEASE})


@dataclass(frozen=True)
class ProposalText:
    """An act that takes two, as a page says it; `changes` are what, before and after.

    `until` says how long it waits, or by whom it was decided.
    """

    uid: UUID
    title: str
    meaning: str
    proposed: str
    until: str
    status: str
    holds: bool
    may: frozenset[Action]
    changes: Sequence[tuple[str, str, str]] = ()
    case: tuple[str, UUID] | None = None
    """Code and uid of the case it is about, for a reader who may open it."""
    report: UUID | None = None
    """The report that it would release, for a reader who may look at it."""
    looks_first: bool = False
    """Whether a page says first whose limits it would move: it is confirmed there."""
    by_waiting: bool = True
    """Whether it comes to count where nobody could confirm it."""


def say_proposals(actor: Actor, lines: Sequence[OpenProposal]) -> list[ProposalText]:
    """Return acts that take two, in the reader’s language; with the case, where it is theirs."""
    cases = codes_of(actor, (line.proposal.scope_id for line in lines))
    reports = _reports(actor, lines)
    shut = [one.proposal.subject_uid for one in lines if one.proposal.action == Action.CASE_BLOCK]
    quiet = held_back(shut) if shut else set()
    return [
        replace(
            _say_proposal(line, cases.get(line.proposal.scope_id or 0), quiet),
            report=reports.get(line.proposal.id),
        )
        for line in lines
    ]


def _reports(actor: Actor, lines: Sequence[OpenProposal]) -> dict[int, UUID]:
    """Return the uids of reports to donors that the actor may look at, by their proposals."""
    about = {
        line.proposal.id: line.proposal.subject_uid
        for line in lines
        if line.proposal.action in REPORTS
    }
    return about if about and policy.could(actor, Action.FUND_REPORT_READ) else {}


def _say_proposal(
    line: OpenProposal, case: tuple[str, UUID] | None, quiet: Set[UUID]
) -> ProposalText:
    proposal = line.proposal
    title, meaning, until = SENTENCES[Action(proposal.action)](line)
    if proposal.subject_uid in quiet:
        later = gettext("They are told of it only a week later: a leak is suspected.")
        meaning = f"{meaning} {later}"
    return ProposalText(
        proposal.uid,
        title,
        meaning,
        say_proposed(line),
        until if proposal.status == ProposalStatus.WAITS else say_decided(line),
        proposal.status,
        line.holds,
        line.may,
        say_settings(line),
        case,
        looks_first=proposal.action == Action.LAW_CHANGE,
        by_waiting=proposal.action in COUNTS_BY_WAITING,
    )


def _who(line: OpenProposal) -> str:
    """Return what colleagues call whom it is for; whoever stands outside reads no names."""
    return line.user.display_name if line.user else str(gettext("A colleague"))


def _say(moment: Any) -> str:
    return say_instant(moment, zone(), locale(), today())


def say_what_waits(proposal: Proposal) -> str:
    """Say beside what a change is about that it waits for a second person, and until when."""
    if proposal.effective_at:
        return _ends(proposal)
    sentence = gettext("A change waits for a second person. %(until)s", until=_until(proposal))
    return str(sentence)


def _lapses(line: OpenProposal) -> str:
    return _until(line.proposal)


def _until(proposal: Proposal) -> str:
    """Say until when it waits, or from when it counts where nobody could confirm it."""
    until, counts_from = proposal.lapses_at, proposal.counts_from
    if counts_from:
        sentence = gettext(
            "Nobody could confirm it, and two others have seen it: it counts %(at)s, unless "
            "somebody stops it.",
            at=_say(counts_from),
        )
        return str(sentence)
    return gettext("Without a second person it lapses %(at)s.", at=_say(until)) if until else ""


def _comes_back(line: OpenProposal) -> str:
    return _ends(line.proposal)


def _ends(proposal: Proposal) -> str:
    """Say when what one person narrowed is given back."""
    until = proposal.lapses_at
    return gettext("Unless somebody confirms it, it ends %(at)s.", at=_say(until)) if until else ""


def _role(line: OpenProposal) -> str:
    role = line.role.role if line.role else None
    return f"{word(role)}, {office_name(line.office)}"


def _granted(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("%(what)s: %(which)s", what=_who(line), which=_role(line))
    gives = gettext(GIVES[line.role.role]) if line.role else ""
    waits = line.proposal.status == ProposalStatus.WAITS
    if waits and line.role and line.role.ends_at:
        ends = gettext("Until %(at)s.", at=_say(line.role.ends_at))
        gives = f"{gives} {ends}"
    return title, gives, _lapses(line)


def _restored(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext(
        "Somebody made a new code for this user. Before you give the roles back, ask them yourself "
        "whether it was they who set the new password."
    )
    return gettext("%(who)s: the roles from before", who=_who(line)), meaning, _lapses(line)


def _ended(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("%(who)s no longer: %(which)s", who=_who(line), which=_role(line))
    return title, gettext("One person ended this role. It is over already."), _comes_back(line)


def _locked(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext("One person locked this account. Nobody signs in with it.")
    return gettext("%(who)s is locked", who=_who(line)), meaning, _comes_back(line)


def _unlocked(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext("Once it is confirmed, this user signs in again, with the roles from before.")
    if line.proposal.values.get("new_start"):
        meaning = gettext(
            "Once it is confirmed, the account is open, but the password and the second factors "
            "from before no longer count. They need a new code; then their roles wait for a second "
            "person."
        )
    return gettext("%(who)s signs in again", who=_who(line)), meaning, _lapses(line)


def _succeeds(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext(
        "%(who)s left. Once it is confirmed, this colleague owns the cases that were theirs, with "
        "open tasks and drafts; a restricted or secret one only if the director who decided so "
        "confirms. Until then the directors keep them.",
        who=line.subject.display_name if line.subject else gettext("A colleague"),
    )
    title = gettext(
        "%(who)s takes cases over, %(office)s", who=_who(line), office=office_name(line.office)
    )
    return title, meaning, _lapses(line)


def _factors(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext(
        "Once it is confirmed, this user signs in with the password alone, and sets up a new one. "
        "Ask them yourself whether they lost the old one."
    )
    return gettext("%(who)s without a second factor", who=_who(line)), meaning, _lapses(line)


def _opened_up(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext(
        "%(office)s: monitors read each other’s normal cases", office=office_name(line.office)
    )
    meaning = gettext("Today each monitor there reads the cases they own or are let into.")
    return title, meaning, _lapses(line)


def _closed_off(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext(
        "%(office)s: each monitor reads only their own cases", office=office_name(line.office)
    )
    return title, gettext("It is so already."), _comes_back(line)


def _fund(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext(
        "For what waits already, only stricter ones count; what is decided stays as it was decided."
    )
    return gettext("Other settings of the fund"), meaning, _lapses(line)


def _tier_rate(line: OpenProposal) -> tuple[str, str, str]:
    values: Mapping[str, Any] = line.proposal.values
    title = gettext("Who must decide: %(rate)s", rate=say_rate_of(Rate(**values["rate"])))
    meaning = gettext(
        "Once it is confirmed, this says who must decide on a request in the other currency. Day: "
        "%(day)s. Source: %(source)s.",
        day=say_day(date.fromisoformat(values["day"]), locale(), today()),
        source=values["source"],
    )
    if values["last"]:
        beside = gettext(
            "The last one: %(last)s. This is %(percent)s %% away from it.",
            last=say_rate_of(Rate(**values["last"])),
            percent=number(values["percent"]),
        )
        meaning = f"{meaning} {beside}"
    if values["reason"]:
        why = gettext("Why: %(reason)s", reason=values["reason"])
        meaning = f"{meaning} {why}"
    return title, meaning, _lapses(line)


def _limits(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext("Others are told of whoever reads more than is usual.")
    return gettext("How much reading is usual"), meaning, _lapses(line)


def _factors_later(line: OpenProposal) -> tuple[str, str, str]:
    meaning = gettext(
        "Until that day, or for those who are asked no more, a stolen password alone opens all "
        "that its owner reads."
    )
    return gettext("Second factors later, or of fewer people"), meaning, _lapses(line)


def _told_money(line: OpenProposal) -> tuple[str, str, str]:
    return *say_money_report(line), _lapses(line)


def _told_people(line: OpenProposal) -> tuple[str, str, str]:
    return *say_people_report(line), _lapses(line)


def _told_courts(line: OpenProposal) -> tuple[str, str, str]:
    return *say_court_figures(line), _lapses(line)


def _stands_in(line: OpenProposal) -> tuple[str, str, str]:
    values = line.proposal.values
    meaning = gettext(
        "Somebody who is away named them. Once it is confirmed, they read the requests for support "
        "there and, on record, the names in them; and they approve money in that person’s place, "
        "but nothing that either of the two asked for, verified or carries."
    )
    if "until" in values:
        at = _say(datetime.fromisoformat(str(values["until"])))
        what = word(str(values["capacity"]))
        lasts = gettext("As: %(what)s. Until %(at)s.", what=what, at=at)
        meaning = f"{meaning} {lasts}"
    title = gettext(
        "%(who)s stands in, %(office)s", who=_who(line), office=office_name(line.office)
    )
    return title, meaning, _lapses(line)


def _graded(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("A case is for fewer people: %(grade)s", grade=_grade(line))
    return title, gettext("One person decided it. It is so already."), _comes_back(line)


def _eased(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("A case is to be for more people: %(grade)s", grade=_grade(line))
    meaning = gettext("Until you confirm it, only those open the case who do today.")
    return title, meaning, _lapses(line)


def _grade(line: OpenProposal) -> str:
    return str(word(str(line.proposal.values["sensitivity"])))


def _shut_out(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("%(who)s is shut out of a case", who=_who(line))
    meaning = gettext("One person did it. Whoever is shut out does not open it, in any role.")
    return title, meaning, _comes_back(line)


def _let_in_again(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("%(who)s is to open a case again", who=_who(line))
    meaning = gettext("Once it is confirmed, they open it as far as their roles reach.")
    return title, meaning, _lapses(line)


def _appealed(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("%(who)s asks to open a case again", who=_who(line))
    meaning = gettext(
        "They are shut out of it. Ask whoever did it why. Once it is confirmed, they open it as "
        "far as their roles reach."
    )
    return title, meaning, _lapses(line)


def _recovered(line: OpenProposal) -> tuple[str, str, str]:
    title = gettext("%(who)s is to open a case that too few can open", who=_who(line))
    meaning = gettext(
        "At most one person at work can open it. Once it is confirmed, %(who)s opens it for seven "
        "days; its owner and members are told.",
        who=_who(line),
    )
    return title, meaning, _lapses(line)


def _tied(line: OpenProposal) -> tuple[str, str, str]:
    return *say_tie(line), _lapses(line)


def _limit_set(line: OpenProposal) -> tuple[str, str, str]:
    return *say_limit(line), _lapses(line)


def _law(line: OpenProposal) -> tuple[str, str, str]:
    return *say_law(line), _lapses(line)


SENTENCES: Mapping[Action, Callable[[OpenProposal], tuple[str, str, str]]] = MappingProxyType(
    {
        Action.ROLE_GRANT: _granted,
        Action.ROLE_RESTORE: _restored,
        Action.ROLE_END: _ended,
        Action.USER_LOCK: _locked,
        Action.USER_UNLOCK: _unlocked,
        Action.USER_SUCCEED: _succeeds,
        Action.FACTOR_CLEAR: _factors,
        Action.OFFICE_OPEN_UP: _opened_up,
        Action.OFFICE_CLOSE_OFF: _closed_off,
        Action.CASE_SENSITIVITY: _graded,
        Action.CASE_EASE: _eased,
        Action.CASE_BLOCK: _shut_out,
        Action.CASE_UNBLOCK: _let_in_again,
        Action.CASE_APPEAL: _appealed,
        Action.CASE_RECOVER: _recovered,
        Action.PROCEEDING_TIE: _tied,
        Action.FUND_SETTINGS_CHANGE: _fund,
        Action.FUND_TIER_RATE: _tier_rate,
        Action.FUND_DELEGATE: _stands_in,
        Action.FUND_REPORT_MONEY: _told_money,
        Action.FUND_REPORT_PEOPLE: _told_people,
        Action.FIGURES_RELEASE: _told_courts,
        Action.LIMITS_CHANGE: _limits,
        Action.FACTORS_RELAX: _factors_later,
        Action.LAW_CHANGE: _law,
        Action.CLOCK_REPLACE: _limit_set,
    }
)
"""What each act that takes two is called, what it means, and until when it waits."""
