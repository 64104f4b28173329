"""What each act does to power: which ones take a second person, who that is, and whom they tell.

Nobody alone widens what they may read, decide or undo, nor does it through an account they
control. An act that widens takes effect once a second person confirms it. One that narrows holds at
once, and is given back unless a second person confirms it in time. One that keeps power as it is
takes two where everybody's limits hang on it; it counts only once the second confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, either, every
from hrdtracker.access.rules import (
    DIRECTS_THERE,
    IS_ADMINISTRATOR,
    IS_DIRECTOR,
    IS_LEGAL_OFFICER,
    LAWYER_AND_ADMINISTRATOR,
    ON_DIRECTED_CASE,
    ON_READABLE_CASE,
)


class Effect(StrEnum):
    """What an act does to what people may read, decide and undo."""

    KEEPS = "keeps"
    """Nobody may more or less than before."""
    SHARES = "shares"
    """Lets a colleague in on what whoever does it may read themselves; they gain nothing by it."""
    NARROWS = "narrows"
    WIDENS = "widens"


class Audience(StrEnum):
    """Who is told of an act that takes two, besides whom it is for and those who may confirm it."""

    DIRECTORS = "directors"
    """Those of the office it is about; all of them where it is about none."""
    OFFICE = "office"
    """Whoever monitors the office it is about."""
    CASE = "case"
    """The owner and the members of the case it is about."""
    FUND = "fund"
    """Fund officers, finance officers and auditors."""


@dataclass(frozen=True)
class Power:
    """What an act that takes two does, who may be its second person, and whom it tells.

    Whoever directs all offices, and whoever stands outside to confirm, is a second person for any
    of them; `second` are those who are one for this act besides, or instead where it is `theirs`.
    """

    effect: Effect
    second: Rule | None
    tells: frozenset[Audience]
    theirs: bool = False


RANKED = either(IS_ADMINISTRATOR, IS_DIRECTOR)
DIRECTORS = frozenset({Audience.DIRECTORS})
FUND_AND_DIRECTORS = frozenset({Audience.FUND, Audience.DIRECTORS})
OF_CASE = frozenset({Audience.CASE, Audience.DIRECTORS})
JUDGES_LIMITS = every(ON_READABLE_CASE, either(IS_LEGAL_OFFICER, IS_DIRECTOR))
"""Who may be the second to say that a limit of a case ends otherwise than it is counted."""

TAKES_TWO: Mapping[Action, Power] = MappingProxyType(
    {
        Action.ROLE_GRANT: Power(Effect.WIDENS, RANKED, DIRECTORS),
        Action.ROLE_RESTORE: Power(Effect.WIDENS, RANKED, DIRECTORS),
        Action.ROLE_END: Power(Effect.NARROWS, RANKED, DIRECTORS),
        Action.USER_UNLOCK: Power(Effect.WIDENS, RANKED, DIRECTORS),
        Action.USER_SUCCEED: Power(Effect.WIDENS, DIRECTS_THERE, DIRECTORS),
        Action.FACTOR_CLEAR: Power(Effect.WIDENS, RANKED, DIRECTORS),
        Action.USER_LOCK: Power(Effect.NARROWS, RANKED, DIRECTORS),
        Action.OFFICE_OPEN_UP: Power(
            Effect.WIDENS, DIRECTS_THERE, frozenset({Audience.OFFICE, Audience.DIRECTORS})
        ),
        Action.OFFICE_CLOSE_OFF: Power(
            Effect.NARROWS, DIRECTS_THERE, frozenset({Audience.OFFICE, Audience.DIRECTORS})
        ),
        Action.CASE_SENSITIVITY: Power(Effect.NARROWS, ON_READABLE_CASE, OF_CASE),
        Action.CASE_EASE: Power(Effect.WIDENS, ON_READABLE_CASE, OF_CASE),
        Action.CASE_BLOCK: Power(Effect.NARROWS, ON_READABLE_CASE, OF_CASE),
        Action.CASE_UNBLOCK: Power(Effect.WIDENS, ON_READABLE_CASE, OF_CASE),
        Action.CASE_APPEAL: Power(Effect.WIDENS, None, OF_CASE),
        Action.CASE_RECOVER: Power(Effect.WIDENS, None, OF_CASE),
        Action.PROCEEDING_TIE: Power(Effect.WIDENS, ON_DIRECTED_CASE, OF_CASE),
        Action.FUND_SETTINGS_CHANGE: Power(Effect.WIDENS, None, FUND_AND_DIRECTORS),
        Action.FUND_TIER_RATE: Power(Effect.WIDENS, None, FUND_AND_DIRECTORS),
        Action.FUND_REPORT_MONEY: Power(Effect.WIDENS, None, FUND_AND_DIRECTORS),
        Action.FUND_REPORT_PEOPLE: Power(Effect.WIDENS, None, FUND_AND_DIRECTORS),
        Action.FIGURES_RELEASE: Power(Effect.WIDENS, None, DIRECTORS),
        Action.LIMITS_CHANGE: Power(Effect.WIDENS, None, DIRECTORS),
        Action.FACTORS_RELAX: Power(Effect.WIDENS, RANKED, DIRECTORS),
        Action.FUND_DELEGATE: Power(Effect.WIDENS, RANKED, DIRECTORS),
        Action.LAW_CHANGE: Power(Effect.KEEPS, LAWYER_AND_ADMINISTRATOR, DIRECTORS, theirs=True),
        Action.CLOCK_REPLACE: Power(Effect.KEEPS, JUDGES_LIMITS, OF_CASE, theirs=True),
    }
)
"""Every act that takes a second person. `accounts/proposals.py` carries them out."""

ALONE: Mapping[Effect, frozenset[Action]] = MappingProxyType(
    {
        Effect.NARROWS: frozenset(
            {Action.USER_RESET, Action.USER_LEAVE, Action.PROPOSAL_STOP, Action.SERVER_LOCK}
        ),
        Effect.SHARES: frozenset({Action.CASE_ASSIGN, Action.CASE_MEMBERS}),
        Effect.KEEPS: frozenset(
            {
                Action.CASE_READ,
                Action.CASE_OUTLINE,
                Action.CASE_BEGIN,
                Action.CASE_EDIT,
                Action.CASE_EXTEND,
                Action.CASE_CLOSE,
                Action.CASE_REOPEN,
                Action.CASE_OPENINGS,
                Action.CLOCK_DISPUTE,
                Action.CLOCK_READ_OUT,
                Action.CONSENT_RECORD,
                Action.DUTY_READ,
                Action.DUTY_SET,
                Action.DUTY_HAND_OVER,
                Action.DUTY_TAKE,
                Action.DUTY_COUNT,
                Action.INCIDENT_LOG,
                Action.INCIDENT_READ,
                Action.INCIDENT_EDIT,
                Action.INCIDENT_CONFIRM_HELD,
                Action.INCIDENT_SUBMIT,
                Action.INCIDENT_RETURN,
                Action.INCIDENT_REVIEW,
                Action.INCIDENT_ACCEPT_SAMPLED,
                Action.INCIDENT_STUCK,
                Action.INCIDENT_DISCARD,
                Action.IMPORT_UNDO,
                Action.SOURCE_IDENTIFY,
                Action.PROCEEDING_READ,
                Action.PROCEEDING_RECORD,
                Action.OBSERVATION_ANSWER,
                Action.OBSERVATION_CONFIRM,
                Action.CHECKLIST_LOAD,
                Action.PERSON_READ,
                Action.PERSON_RECORD,
                Action.PERSON_EDIT,
                Action.PERSON_SEARCH,
                Action.PERSON_REVEAL,
                Action.PERSON_REVEAL_LISTED,
                Action.CONTACT_READ,
                Action.CONTACT_REVEAL,
                Action.FIGURES_READ,
                Action.FUND_READ,
                Action.FUND_ASK,
                Action.FUND_EDIT,
                Action.FUND_COMPLETE,
                Action.FUND_SUBMIT,
                Action.FUND_WITHDRAW,
                Action.FUND_REQUEST_READ,
                Action.FUND_STANDING,
                Action.FUND_IDENTIFY,
                Action.FUND_DECLARE,
                Action.FUND_STUCK,
                Action.FUND_PASS_ON,
                Action.FUND_VERIFY,
                Action.FUND_RECOMMEND,
                Action.FUND_RETURN,
                Action.FUND_REFUSE,
                Action.FUND_APPROVE,
                Action.FUND_EMERGENCY,
                Action.FUND_RATIFY,
                Action.FUND_LIFT,
                Action.FUND_COMMIT,
                Action.FUND_MOVE,
                Action.FUND_COVER,
                Action.FUND_CANCEL,
                Action.FUND_CHECK,
                Action.FUND_PREPARE,
                Action.FUND_DROP,
                Action.FUND_PAYMENT_READ,
                Action.FUND_REVEAL,
                Action.FUND_RELEASE,
                Action.FUND_RECEIVE,
                Action.FUND_ACQUIT,
                Action.FUND_DECLARE_SPENT,
                Action.FUND_REVIEW,
                Action.FUND_ACCOUNT_RETURN,
                Action.FUND_BACK,
                Action.FUND_OUTCOME,
                Action.FUND_CLOSE,
                Action.FUND_COMPLAIN,
                Action.FUND_COMPLAINT_READ,
                Action.FUND_COMPLAINT_ANSWER,
                Action.FUND_DONOR_READ,
                Action.FUND_GRANT_CHANGE,
                Action.FUND_RATE_RECORD,
                Action.FUND_LEDGER_READ,
                Action.FUND_EXPORT,
                Action.FUND_REPORT_READ,
                Action.FUND_REPORT_INTERNAL,
                Action.FUND_BOOK,
                Action.FUND_REVERSE,
                Action.FUND_WITNESS,
                Action.FUND_MONTH_CLOSE,
                Action.TRAIL_READ,
                Action.USER_READ,
                Action.USER_INVITE,
                Action.USER_CHANGE,
                Action.PROPOSAL_READ,
                Action.JOB_RUN,
                Action.JOB_RETRY,
                Action.NOTICE_SEE,
                Action.STATE_RECORD,
                Action.READINGS_SEAL,
                Action.READINGS_COUNT,
                Action.READINGS_HEAR,
                Action.READINGS_READ,
                Action.READINGS_OF_PERSON,
                Action.FEED_OPEN,
                Action.FACTOR_ADD,
                Action.FACTOR_REMOVE,
                Action.FACTOR_PROVE,
                Action.KEY_BIND,
                Action.BACKUP_READ,
                Action.BACKUP_PLAN,
                Action.BACKUP_RUN,
                Action.BACKUP_REHEARSE,
                Action.SERVER_RESTORE,
                Action.SERVER_UNLOCK,
                Action.KEY_HOLDERS,
                Action.HEADS_EXPORT,
                Action.OLDER_EXPLAIN,
                Action.PROPOSAL_CONFIRM,
                Action.PROPOSAL_REFUSE,
                Action.PROPOSAL_TAKE_BACK,
                Action.PROPOSAL_SETTLE,
                Action.PROPOSAL_COUNT,
                Action.OFFICE_CHANGE,
                Action.TERM_CHANGE,
                Action.LAW_READ,
                Action.LAW_LOAD,
                Action.SETTINGS_CHANGE,
                Action.ORGANISATION_SET_UP,
                Action.ACCOUNT_CHANGE,
                Action.SESSION_BEGIN,
                Action.SESSION_END,
            }
        ),
    }
)
"""Every other act, and what it does: an act that stands nowhere here fails a test."""


def effect_of(action: Action) -> Effect:
    """Return what an act does to power; raises StopIteration for one that nobody declared."""
    if action in TAKES_TWO:
        return TAKES_TWO[action].effect
    return next(effect for effect, actions in ALONE.items() if action in actions)
