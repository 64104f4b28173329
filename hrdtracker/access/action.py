"""Every verb of the system: the permission, the entry on the trail, and the words for it."""

from collections.abc import Mapping
from enum import StrEnum

from hrdtracker.core.errors import N_


class Action(StrEnum):
    """What can be done. A verb that no rule names is refused."""

    CASE_READ = "case.read"
    CASE_OUTLINE = "case.outline"
    CASE_BEGIN = "case.begin"
    CASE_EDIT = "case.edit"
    CASE_EXTEND = "case.extend"
    CASE_ASSIGN = "case.assign"
    CASE_CLOSE = "case.close"
    CASE_REOPEN = "case.reopen"
    CASE_SENSITIVITY = "case.sensitivity"
    CASE_MEMBERS = "case.members"
    CASE_EASE = "case.ease"
    CASE_BLOCK = "case.block"
    CASE_UNBLOCK = "case.unblock"
    CASE_APPEAL = "case.appeal"
    CASE_RECOVER = "case.recover"
    CASE_OPENINGS = "case.openings"
    CLOCK_DISPUTE = "clock.dispute"
    CLOCK_REPLACE = "clock.replace"
    CLOCK_READ_OUT = "clock.read_out"
    CONSENT_RECORD = "consent.record"
    DUTY_READ = "duty.read"
    DUTY_SET = "duty.set"
    DUTY_HAND_OVER = "duty.hand_over"
    DUTY_TAKE = "duty.take"
    DUTY_COUNT = "duty.count"
    INCIDENT_LOG = "incident.log"
    INCIDENT_READ = "incident.read"
    INCIDENT_EDIT = "incident.edit"
    INCIDENT_CONFIRM_HELD = "incident.confirm_held"
    INCIDENT_SUBMIT = "incident.submit"
    INCIDENT_RETURN = "incident.return"
    INCIDENT_REVIEW = "incident.review"
    INCIDENT_ACCEPT_SAMPLED = "incident.accept_sampled"
    INCIDENT_STUCK = "incident.stuck"
    INCIDENT_DISCARD = "incident.discard"
    IMPORT_UNDO = "import.undo"
    SOURCE_IDENTIFY = "source.identify"
    PERSON_READ = "person.read"
    PERSON_RECORD = "person.record"
    PERSON_EDIT = "person.edit"
    PERSON_SEARCH = "person.search"
    PERSON_REVEAL = "person.reveal"
    PERSON_REVEAL_LISTED = "person.reveal_listed"
    CONTACT_READ = "contact.read"
    CONTACT_REVEAL = "contact.reveal"
    PROCEEDING_READ = "proceeding.read"
    PROCEEDING_RECORD = "proceeding.record"
    OBSERVATION_ANSWER = "observation.answer"
    OBSERVATION_CONFIRM = "observation.confirm"
    CHECKLIST_LOAD = "checklist.load"
    FIGURES_READ = "figures.read"
    FIGURES_RELEASE = "figures.release"
    PROCEEDING_TIE = "proceeding.tie"
    FUND_READ = "fund.read"
    FUND_ASK = "fund.ask"
    FUND_EDIT = "fund.edit"
    FUND_COMPLETE = "fund.complete"
    FUND_SUBMIT = "fund.submit"
    FUND_WITHDRAW = "fund.withdraw"
    FUND_REQUEST_READ = "fund.request_read"
    FUND_STANDING = "fund.standing"
    FUND_IDENTIFY = "fund.identify"
    FUND_DECLARE = "fund.declare"
    FUND_STUCK = "fund.stuck"
    FUND_PASS_ON = "fund.pass_on"  # noqa: S105 - a verb
    FUND_VERIFY = "fund.verify"
    FUND_RECOMMEND = "fund.recommend"
    FUND_RETURN = "fund.return"
    FUND_REFUSE = "fund.refuse"
    FUND_APPROVE = "fund.approve"
    FUND_EMERGENCY = "fund.emergency"
    FUND_RATIFY = "fund.ratify"
    FUND_LIFT = "fund.lift"
    FUND_DELEGATE = "fund.delegate"
    FUND_COMMIT = "fund.commit"
    FUND_MOVE = "fund.move"
    FUND_COVER = "fund.cover"
    FUND_CANCEL = "fund.cancel"
    FUND_CHECK = "fund.check"
    FUND_PREPARE = "fund.prepare"
    FUND_DROP = "fund.drop"
    FUND_PAYMENT_READ = "fund.payment_read"
    FUND_REVEAL = "fund.reveal"
    FUND_RELEASE = "fund.release"
    FUND_RECEIVE = "fund.receive"
    FUND_ACQUIT = "fund.acquit"
    FUND_DECLARE_SPENT = "fund.declare_spent"
    FUND_REVIEW = "fund.review"
    FUND_ACCOUNT_RETURN = "fund.account_return"
    FUND_BACK = "fund.back"
    FUND_OUTCOME = "fund.outcome"
    FUND_CLOSE = "fund.close"
    FUND_COMPLAIN = "fund.complain"
    FUND_COMPLAINT_READ = "fund.complaint_read"
    FUND_COMPLAINT_ANSWER = "fund.complaint_answer"
    FUND_DONOR_READ = "fund.donor_read"
    FUND_GRANT_CHANGE = "fund.grant_change"
    FUND_RATE_RECORD = "fund.rate_record"
    FUND_TIER_RATE = "fund.tier_rate"
    FUND_LEDGER_READ = "fund.ledger_read"
    FUND_EXPORT = "fund.export"
    FUND_REPORT_MONEY = "fund.report_money"
    FUND_REPORT_PEOPLE = "fund.report_people"
    FUND_REPORT_READ = "fund.report_read"
    FUND_REPORT_INTERNAL = "fund.report_internal"
    FUND_BOOK = "fund.book"
    FUND_REVERSE = "fund.reverse"
    FUND_WITNESS = "fund.witness"
    FUND_MONTH_CLOSE = "fund.month_close"
    FUND_SETTINGS_CHANGE = "fund.settings_change"
    TRAIL_READ = "trail.read"
    STATE_RECORD = "state.record"
    READINGS_SEAL = "readings.seal"
    READINGS_COUNT = "readings.count"
    READINGS_HEAR = "readings.hear"
    READINGS_READ = "readings.read"
    READINGS_OF_PERSON = "readings.of_person"
    USER_READ = "user.read"
    USER_INVITE = "user.invite"
    USER_CHANGE = "user.change"
    USER_RESET = "user.reset"
    USER_LOCK = "user.lock"
    USER_UNLOCK = "user.unlock"
    USER_LEAVE = "user.leave"
    USER_SUCCEED = "user.succeed"
    ROLE_GRANT = "role.grant"
    ROLE_RESTORE = "role.restore"
    ROLE_END = "role.end"
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_CONFIRM = "proposal.confirm"
    PROPOSAL_REFUSE = "proposal.refuse"
    PROPOSAL_TAKE_BACK = "proposal.take_back"
    PROPOSAL_STOP = "proposal.stop"
    PROPOSAL_SETTLE = "proposal.settle"
    PROPOSAL_COUNT = "proposal.count"
    OFFICE_CHANGE = "office.change"
    OFFICE_OPEN_UP = "office.open_up"
    OFFICE_CLOSE_OFF = "office.close_off"
    TERM_CHANGE = "term.change"
    LAW_READ = "law.read"
    LAW_CHANGE = "law.change"
    LAW_LOAD = "law.load"
    SETTINGS_CHANGE = "settings.change"
    LIMITS_CHANGE = "limits.change"
    FACTORS_RELAX = "factors.relax"
    ORGANISATION_SET_UP = "organisation.set_up"
    KEY_BIND = "key.bind"
    BACKUP_READ = "backup.read"
    BACKUP_PLAN = "backup.plan"
    BACKUP_RUN = "backup.run"
    BACKUP_REHEARSE = "backup.rehearse"
    SERVER_RESTORE = "server.restore"
    SERVER_LOCK = "server.lock"
    SERVER_UNLOCK = "server.unlock"
    KEY_HOLDERS = "key.holders"
    HEADS_EXPORT = "heads.export"
    OLDER_EXPLAIN = "older.explain"
    ACCOUNT_CHANGE = "account.change"
    FEED_OPEN = "feed.open"
    FACTOR_ADD = "factor.add"
    FACTOR_REMOVE = "factor.remove"
    FACTOR_PROVE = "factor.prove"
    FACTOR_CLEAR = "factor.clear"
    SESSION_BEGIN = "session.begin"
    SESSION_END = "session.end"
    NOTICE_SEE = "notice.see"
    JOB_RUN = "job.run"
    JOB_RETRY = "job.retry"


LABELS: Mapping[str, str] = {
    Action.CASE_READ: N_("Open a case"),
    Action.CASE_OUTLINE: N_("See the outline of a case"),
    Action.CASE_BEGIN: N_("Begin a case in an office"),
    Action.CASE_EDIT: N_("Change a case"),
    Action.CASE_EXTEND: N_("Add to a case"),
    Action.CASE_ASSIGN: N_("Assign a case"),
    Action.CASE_CLOSE: N_("Close a case"),
    Action.CASE_REOPEN: N_("Reopen a case"),
    Action.CASE_SENSITIVITY: N_("Set how sensitive a case is"),
    Action.CASE_MEMBERS: N_("Say who may open a case"),
    Action.CASE_EASE: N_("Make a case less sensitive"),
    Action.CASE_BLOCK: N_("Shut a person out of a case"),
    Action.CASE_UNBLOCK: N_("Let somebody into a case again"),
    Action.CASE_APPEAL: N_("Ask that somebody looks why one is shut out of a case"),
    Action.CASE_RECOVER: N_("Open a case that nobody else can open"),
    Action.CASE_OPENINGS: N_("See who has opened a case"),
    Action.CLOCK_DISPUTE: N_("Dispute a limit of the law"),
    Action.CLOCK_REPLACE: N_("Set another end of a disputed limit"),
    Action.CLOCK_READ_OUT: N_("Take names to an authority"),
    Action.CONSENT_RECORD: N_("Record what somebody answered when asked"),
    Action.DUTY_READ: N_("See who is on duty"),
    Action.DUTY_SET: N_("Say who is on duty"),
    Action.DUTY_HAND_OVER: N_("Hand one’s duty over"),
    Action.DUTY_TAKE: N_("Take over the duty of a colleague"),
    Action.DUTY_COUNT: N_("Learn how many limits end in cases that one cannot open"),
    Action.INCIDENT_LOG: N_("Log an incident"),
    Action.INCIDENT_READ: N_("Open an incident"),
    Action.INCIDENT_EDIT: N_("Change an incident"),
    Action.INCIDENT_CONFIRM_HELD: N_("Say that people are still held"),
    Action.INCIDENT_SUBMIT: N_("Send an incident for review"),
    Action.INCIDENT_RETURN: N_("Return an incident"),
    Action.INCIDENT_REVIEW: N_("Review an incident"),
    Action.INCIDENT_ACCEPT_SAMPLED: N_("Accept imported incidents by a sample"),
    Action.INCIDENT_STUCK: N_("Learn that nobody may review an incident"),
    Action.INCIDENT_DISCARD: N_("Discard a draft"),
    Action.IMPORT_UNDO: N_("Undo an import"),
    Action.SOURCE_IDENTIFY: N_("See who a source is"),
    Action.PERSON_READ: N_("Open a person"),
    Action.PERSON_RECORD: N_("Record a person"),
    Action.PERSON_EDIT: N_("Change a person"),
    Action.PERSON_SEARCH: N_("Look for a person"),
    Action.PERSON_REVEAL: N_("Show a name"),
    Action.PERSON_REVEAL_LISTED: N_("Show the names of a page"),
    Action.CONTACT_READ: N_("See how to reach a person"),
    Action.CONTACT_REVEAL: N_("Show a number or address"),
    Action.PROCEEDING_READ: N_("Open a proceeding"),
    Action.PROCEEDING_RECORD: N_("Record what happens before a court"),
    Action.OBSERVATION_ANSWER: N_("Answer what one observed at a hearing"),
    Action.OBSERVATION_CONFIRM: N_("Say whether a right is in question"),
    Action.CHECKLIST_LOAD: N_("Load another checklist for observers"),
    Action.FIGURES_READ: N_("Read the figures of courts and custody"),
    Action.FIGURES_RELEASE: N_("Release tables of people who were charged"),
    Action.PROCEEDING_TIE: N_("Let those who read another case read a proceeding"),
    Action.FUND_READ: N_("See what the fund has and what left it"),
    Action.FUND_ASK: N_("Ask for support"),
    Action.FUND_EDIT: N_("Change a request for support"),
    Action.FUND_COMPLETE: N_("Say the rest of a short request"),
    Action.FUND_SUBMIT: N_("Send a request for support"),
    Action.FUND_WITHDRAW: N_("Withdraw a request for support"),
    Action.FUND_REQUEST_READ: N_("Open a request for support"),
    Action.FUND_STANDING: N_("See how far the courts are with whom support is asked for"),
    Action.FUND_IDENTIFY: N_("See whom a request is for"),
    Action.FUND_DECLARE: N_("Say whether one knows the people of a request"),
    Action.FUND_STUCK: N_("See which requests nobody can go on with"),
    Action.FUND_PASS_ON: N_("Pass a request on where nobody of its office can go on"),
    Action.FUND_VERIFY: N_("Verify a request"),
    Action.FUND_RECOMMEND: N_("Recommend a request"),
    Action.FUND_RETURN: N_("Return a request"),
    Action.FUND_REFUSE: N_("Refuse a request"),
    Action.FUND_APPROVE: N_("Approve a request"),
    Action.FUND_EMERGENCY: N_("Release money in an emergency"),
    Action.FUND_RATIFY: N_("Ratify an emergency"),
    Action.FUND_LIFT: N_("Lift the third signature"),
    Action.FUND_DELEGATE: N_("Name who decides in one’s absence"),
    Action.FUND_COMMIT: N_("Commit money to a request"),
    Action.FUND_MOVE: N_("Move a commitment to another line"),
    Action.FUND_COVER: N_("Cover what left beyond a commitment"),
    Action.FUND_CANCEL: N_("Cancel an approved request"),
    Action.FUND_CHECK: N_("Look again before an instalment"),
    Action.FUND_PREPARE: N_("Prepare a payment"),
    Action.FUND_DROP: N_("Drop a prepared payment"),
    Action.FUND_PAYMENT_READ: N_("See a payment"),
    Action.FUND_REVEAL: N_("See how somebody is paid"),
    Action.FUND_RELEASE: N_("Release a payment"),
    Action.FUND_RECEIVE: N_("Confirm that money arrived"),
    Action.FUND_ACQUIT: N_("Account for a payment"),
    Action.FUND_DECLARE_SPENT: N_("Declare in place of a document"),
    Action.FUND_REVIEW: N_("Review what accounts for a payment"),
    Action.FUND_ACCOUNT_RETURN: N_("Return what accounts for a payment"),
    Action.FUND_BACK: N_("Confirm that money is back"),
    Action.FUND_OUTCOME: N_("Say whether support helped"),
    Action.FUND_CLOSE: N_("Close a request"),
    Action.FUND_COMPLAIN: N_("Take down a complaint"),
    Action.FUND_COMPLAINT_READ: N_("Read a complaint"),
    Action.FUND_COMPLAINT_ANSWER: N_("Answer a complaint"),
    Action.FUND_DONOR_READ: N_("See the donors and their grants"),
    Action.FUND_GRANT_CHANGE: N_("Change donors, grants and lines"),
    Action.FUND_RATE_RECORD: N_("Record a rate of the bank"),
    Action.FUND_TIER_RATE: N_("Propose a rate for who must decide"),
    Action.FUND_LEDGER_READ: N_("Read the books and the decisions"),
    Action.FUND_EXPORT: N_("Take figures of the fund along"),
    Action.FUND_REPORT_MONEY: N_("Release a financial report to a donor"),
    Action.FUND_REPORT_PEOPLE: N_("Release tables of people to a donor"),
    Action.FUND_REPORT_READ: N_("See what donors were told"),
    Action.FUND_REPORT_INTERNAL: N_("See the exact figures of the fund"),
    Action.FUND_BOOK: N_("Book money of the fund"),
    Action.FUND_REVERSE: N_("Reverse an entry of the books"),
    Action.FUND_WITNESS: N_("Say whether one saw a reversal, too"),
    Action.FUND_MONTH_CLOSE: N_("Close a month of the books"),
    Action.FUND_SETTINGS_CHANGE: N_("Change the settings of the fund"),
    Action.TRAIL_READ: N_("Read the trail"),
    Action.STATE_RECORD: N_("Enter on the trail what an upgrade changed"),
    Action.READINGS_SEAL: N_("Tie what was read to the trail"),
    Action.READINGS_COUNT: N_("See how much somebody has read"),
    Action.READINGS_HEAR: N_("Be told that somebody has read unusually much"),
    Action.READINGS_READ: N_("See what a colleague has opened"),
    Action.READINGS_OF_PERSON: N_("See who has opened a person"),
    Action.USER_READ: N_("See the users"),
    Action.USER_INVITE: N_("Invite a user"),
    Action.USER_CHANGE: N_("Change a user"),
    Action.USER_RESET: N_("Make a new code for a user"),
    Action.USER_LOCK: N_("Lock a user"),
    Action.USER_UNLOCK: N_("Unlock a user"),
    Action.USER_LEAVE: N_("Let a user go"),
    Action.USER_SUCCEED: N_("Name who takes over from somebody who left"),
    Action.ROLE_GRANT: N_("Grant a role"),
    Action.ROLE_RESTORE: N_("Restore the roles of a user"),
    Action.ROLE_END: N_("End a role"),
    Action.PROPOSAL_READ: N_("See what takes a second person"),
    Action.PROPOSAL_CONFIRM: N_("Confirm as the second person"),
    Action.PROPOSAL_REFUSE: N_("Refuse as the second person"),
    Action.PROPOSAL_TAKE_BACK: N_("Take back what one proposed"),
    Action.PROPOSAL_STOP: N_("Stop what concerns oneself"),
    Action.PROPOSAL_SETTLE: N_("Let lapse what nobody confirmed"),
    Action.PROPOSAL_COUNT: N_("Let count what nobody could confirm"),
    Action.OFFICE_CHANGE: N_("Change an office"),
    Action.OFFICE_OPEN_UP: N_("Let the monitors of an office read each other’s cases"),
    Action.OFFICE_CLOSE_OFF: N_("Let each monitor of an office read only their own cases"),
    Action.TERM_CHANGE: N_("Change a list of terms"),
    Action.LAW_READ: N_("See the rules of law"),
    Action.LAW_CHANGE: N_("Change a rule of law or a public holiday"),
    Action.LAW_LOAD: N_("Load the rules of law from their files"),
    Action.SETTINGS_CHANGE: N_("Change the settings"),
    Action.LIMITS_CHANGE: N_("Change how much reading is usual"),
    Action.FACTORS_RELAX: N_("Ask for second factors later, or of fewer people"),
    Action.ORGANISATION_SET_UP: N_("Set up the organisation"),
    Action.KEY_BIND: N_("Tie the database to its key"),
    Action.BACKUP_READ: N_("See how backups stand"),
    Action.BACKUP_PLAN: N_("Say to whom and where backups go"),
    Action.BACKUP_RUN: N_("Make or remove a backup"),
    Action.BACKUP_REHEARSE: N_("Rehearse a restore"),
    Action.SERVER_RESTORE: N_("Restore from a backup"),
    Action.SERVER_LOCK: N_("Lock everything"),
    Action.SERVER_UNLOCK: N_("Unlock everything"),
    Action.KEY_HOLDERS: N_("Say who can unlock everything"),
    Action.HEADS_EXPORT: N_("Begin to keep the heads of the trail elsewhere"),
    Action.OLDER_EXPLAIN: N_("Say why the database is an older one"),
    Action.ACCOUNT_CHANGE: N_("Change one’s own account"),
    Action.FEED_OPEN: N_("Make an address for one’s calendar"),
    Action.FACTOR_ADD: N_("Add a second factor"),
    Action.FACTOR_REMOVE: N_("Remove a second factor"),
    Action.FACTOR_PROVE: N_("Show who one is"),
    Action.FACTOR_CLEAR: N_("Take somebody’s second factors away"),
    Action.SESSION_BEGIN: N_("Sign in"),
    Action.SESSION_END: N_("Sign out"),
    Action.NOTICE_SEE: N_("Understand a notice"),
    Action.JOB_RUN: N_("Work in the background"),
    Action.JOB_RETRY: N_("Try work in the background again"),
}

EVEN_AT_STANDSTILL = frozenset(
    {
        Action.SESSION_BEGIN,
        Action.SESSION_END,
        Action.FACTOR_PROVE,
        Action.OLDER_EXPLAIN,
        Action.SERVER_RESTORE,
    }
)
"""What is still done while an older database waits until two people have said why it is one."""
ASKS_AGAIN = frozenset(
    {
        Action.PERSON_REVEAL_LISTED,
        Action.CLOCK_READ_OUT,
        Action.CASE_RECOVER,
        Action.ROLE_GRANT,
        Action.ROLE_RESTORE,
        Action.PROPOSAL_CONFIRM,
        Action.USER_RESET,
        Action.USER_UNLOCK,
        Action.OFFICE_CHANGE,
        Action.OFFICE_OPEN_UP,
        Action.LIMITS_CHANGE,
        Action.FACTORS_RELAX,
        Action.FUND_SETTINGS_CHANGE,
        Action.FUND_TIER_RATE,
        Action.SETTINGS_CHANGE,
        Action.FUND_RELEASE,
        Action.FUND_EMERGENCY,
        Action.FUND_EXPORT,
        Action.FUND_REPORT_INTERNAL,
        Action.FEED_OPEN,
        Action.FACTOR_ADD,
        Action.FACTOR_REMOVE,
    }
)
"""Verbs for which a person shows once more who they are, unless they did a short while ago.

What reveals across cases, grants power, releases money, or goes out of the house; nothing that is
done on a page of one’s own case.
"""
