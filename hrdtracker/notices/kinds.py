"""Every kind of notice: the sentence, where it leads, who may still read what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hrdtracker.access.action import Action
from hrdtracker.core.errors import N_


class NoticeKind(StrEnum):
    """What somebody is told of."""

    JOB_GIVEN_UP = "job_given_up"
    MAIL_FAILS = "mail_fails"
    PROPOSED = "proposed"
    DECIDED = "decided"
    COUNTS_SOON = "counts_soon"
    FUND_RULES_CHANGED = "fund_rules_changed"
    NEW_BROWSER = "new_browser"
    WAY_IN_CHANGED = "way_in_changed"
    UNUSUAL_READING = "unusual_reading"
    TOO_FEW_OPEN_IT = "too_few_open_it"
    UNUSUAL_UNSEEN = "unusual_unseen"
    COLLEAGUE_LEFT = "colleague_left"
    SERVER_LOCKED = "server_locked"
    KEY_HOLDERS = "key_holders"
    HEADS_GONE = "heads_gone"
    STANDS_IN = "stands_in"
    PAID_OVER = "paid_over"
    NOT_SEEN = "not_seen"
    GRANT_ENDED = "grant_ended"
    DUTY_CHANGED = "duty_changed"
    DUTY_OFFERED = "duty_offered"
    DUTY_OPEN = "duty_open"
    FEED_OPENED = "feed_opened"


@dataclass(frozen=True)
class NoticeRule:
    """How a notice of one kind reads: `sentence` names no person and no place.

    Where it leads anywhere, `link` is what the way to it is called, and `page` the endpoint; with
    `about`, the table of a record which `reads` lets the reader open, the record’s uid goes into
    the address, and a reader who may open it no more reads only that there was something. `mails`
    is whether a mail says that there is something new; `anchor` is the part of the page it is in.
    """

    sentence: str
    link: str = ""
    page: str = ""
    about: str = ""
    reads: Action | None = None
    takes_uid: bool = True
    anchor: str = ""
    mails: bool = True


RULES: Mapping[NoticeKind, NoticeRule] = MappingProxyType(
    {
        NoticeKind.JOB_GIVEN_UP: NoticeRule(
            N_("Work in the background was tried too often and given up"),
            N_("See what it was"),
            "jobs.index",
            about="job",
            reads=Action.JOB_RETRY,
            takes_uid=False,
        ),
        NoticeKind.MAIL_FAILS: NoticeRule(
            N_("Mail could not be sent"),
            N_("See since when"),
            "jobs.index",
            takes_uid=False,
            mails=False,
        ),
        NoticeKind.HEADS_GONE: NoticeRule(
            N_("The heads of the trail that were kept elsewhere are gone; new ones are kept now"),
            N_("See how backups stand"),
            "backups.index",
            takes_uid=False,
        ),
        NoticeKind.PROPOSED: NoticeRule(
            N_("Somebody did what takes two people"),
            N_("See what it is, and what you may do"),
            "proposals.waiting",
            about="proposal",
            reads=Action.PROPOSAL_READ,
            takes_uid=False,
        ),
        NoticeKind.DECIDED: NoticeRule(
            N_("Something that takes two people is decided"),
            N_("See what it is, and what you may do"),
            "proposals.waiting",
            about="proposal",
            reads=Action.PROPOSAL_READ,
            takes_uid=False,
        ),
        NoticeKind.COUNTS_SOON: NoticeRule(
            N_("What takes two people counts soon although nobody could confirm it"),
            N_("See what it is, and stop it if it is not right"),
            "proposals.waiting",
            about="proposal",
            reads=Action.PROPOSAL_READ,
            takes_uid=False,
        ),
        NoticeKind.FUND_RULES_CHANGED: NoticeRule(
            N_("How the fund decides has changed: its settings, or the rate for its levels"),
            N_("See what changed"),
            "proposals.waiting",
            about="proposal",
            reads=Action.PROPOSAL_READ,
            takes_uid=False,
            anchor="decided",
        ),
        NoticeKind.NEW_BROWSER: NoticeRule(
            N_("Your password was given in a browser that you never used before"),
            N_("See where you are signed in"),
            "accounts.account",
            takes_uid=False,
        ),
        NoticeKind.WAY_IN_CHANGED: NoticeRule(
            N_("How you sign in was changed, or where you get mail"),
            N_("See how you sign in. Change it if it was not you"),
            "accounts.account",
            takes_uid=False,
        ),
        NoticeKind.UNUSUAL_READING: NoticeRule(
            N_("A colleague has read unusually much"),
            N_("See how much"),
            "readings.user",
            about="user_account",
            reads=Action.READINGS_COUNT,
        ),
        NoticeKind.TOO_FEW_OPEN_IT: NoticeRule(
            N_("A case can be opened by one person alone, or by nobody"),
            N_("See of which office"),
            "recovery.index",
            takes_uid=False,
        ),
        NoticeKind.UNUSUAL_UNSEEN: NoticeRule(
            N_("Somebody has read unusually much. Only you are told: ask the directors why"),
            takes_uid=False,
        ),
        NoticeKind.COLLEAGUE_LEFT: NoticeRule(
            N_("A colleague left. The directors keep what was theirs until somebody takes it over"),
            N_("See whom they opened in the last 90 days"),
            "readings.user",
            about="user_account",
            reads=Action.READINGS_READ,
        ),
        NoticeKind.SERVER_LOCKED: NoticeRule(
            N_("Everything was locked"),
            N_("See who did it, and when"),
            "lockdown.index",
            takes_uid=False,
        ),
        NoticeKind.PAID_OVER: NoticeRule(
            N_("More money left than was promised: it waits for a decision"),
            N_("See the payment"),
            "fund_money_payments.payment",
            about="payment",
            reads=Action.FUND_PAYMENT_READ,
        ),
        NoticeKind.NOT_SEEN: NoticeRule(
            N_("A colleague did not see what a reversal in the books names them for"),
            N_("See the entry"),
            "fund_money_books.entry",
            about="ledger_transaction",
            reads=Action.FUND_LEDGER_READ,
        ),
        NoticeKind.GRANT_ENDED: NoticeRule(
            N_("A donor ended a grant: some of its money may be promised still"),
            N_("See the grant, and what is left of it"),
            "fund_money_grants.grant",
            about="donor_grant",
            reads=Action.FUND_DONOR_READ,
        ),
        NoticeKind.DUTY_CHANGED: NoticeRule(
            N_("Who is on duty has changed, and it concerns you"),
            N_("See the week"),
            "duty.index",
            takes_uid=False,
        ),
        NoticeKind.DUTY_OFFERED: NoticeRule(
            N_("A colleague asks you to take over a day of duty"),
            N_("See which day, and answer"),
            "duty.index",
            takes_uid=False,
        ),
        NoticeKind.DUTY_OPEN: NoticeRule(
            N_("Whoever was on duty cannot be there: the day is with the directors"),
            N_("See which day"),
            "duty.index",
            takes_uid=False,
        ),
        NoticeKind.FEED_OPENED: NoticeRule(
            N_("An address was made at which a calendar sees when you have appointments"),
            N_("See it. End it if it was not you"),
            "calendar.index",
            takes_uid=False,
        ),
        NoticeKind.KEY_HOLDERS: NoticeRule(
            N_("At the machine it was said anew who can unlock everything"),
            N_("See how many can"),
            "lockdown.index",
            takes_uid=False,
        ),
        NoticeKind.STANDS_IN: NoticeRule(
            N_("Somebody with the same role as you is away and named you to decide for them"),
            N_("See for whom, and until when"),
            "fund_money_settings.delegations",
            takes_uid=False,
        ),
    }
)
"""One line for each kind: adding one is this line."""
