"""Every verb of the system: the permission, the entry on the trail, and the words for it."""

from enum import StrEnum

from hrdtracker.core.errors import N_


class Action(StrEnum):
    """What can be done. A verb that no rule names is refused."""

    CASE_READ = "case.read"
    CASE_OUTLINE = "case.outline"
    CASE_EDIT = "case.edit"
    CASE_EXTEND = "case.extend"
    CASE_ASSIGN = "case.assign"
    CASE_CLOSE = "case.close"
    CASE_REOPEN = "case.reopen"
    CASE_SENSITIVITY = "case.sensitivity"
    CASE_MEMBERS = "case.members"
    CASE_BLOCK = "case.block"
    CASE_OPENINGS = "case.openings"
    INCIDENT_LOG = "incident.log"
    INCIDENT_READ = "incident.read"
    INCIDENT_EDIT = "incident.edit"
    INCIDENT_SUBMIT = "incident.submit"
    INCIDENT_RETURN = "incident.return"
    INCIDENT_REVIEW = "incident.review"
    INCIDENT_DISCARD = "incident.discard"
    SOURCE_IDENTIFY = "source.identify"
    PERSON_READ = "person.read"
    PERSON_RECORD = "person.record"
    PERSON_EDIT = "person.edit"
    PERSON_SEARCH = "person.search"
    PERSON_REVEAL = "person.reveal"
    CONTACT_READ = "contact.read"
    CONTACT_REVEAL = "contact.reveal"
    TRAIL_READ = "trail.read"
    USER_READ = "user.read"
    USER_INVITE = "user.invite"
    USER_CHANGE = "user.change"
    ROLE_PROPOSE = "role.propose"
    ROLE_CONFIRM = "role.confirm"
    OFFICE_CHANGE = "office.change"
    TERM_CHANGE = "term.change"
    SETTINGS_CHANGE = "settings.change"
    ORGANISATION_SET_UP = "organisation.set_up"
    ACCOUNT_CHANGE = "account.change"
    SESSION_BEGIN = "session.begin"
    SESSION_END = "session.end"


LABELS = {
    Action.CASE_READ: N_("Open a case"),
    Action.CASE_OUTLINE: N_("See the outline of a case"),
    Action.CASE_EDIT: N_("Change a case"),
    Action.CASE_EXTEND: N_("Add to a case"),
    Action.CASE_ASSIGN: N_("Assign a case"),
    Action.CASE_CLOSE: N_("Close a case"),
    Action.CASE_REOPEN: N_("Reopen a case"),
    Action.CASE_SENSITIVITY: N_("Set how sensitive a case is"),
    Action.CASE_MEMBERS: N_("Say who may open a case"),
    Action.CASE_BLOCK: N_("Shut a person out of a case"),
    Action.CASE_OPENINGS: N_("See who has opened a case"),
    Action.INCIDENT_LOG: N_("Log an incident"),
    Action.INCIDENT_READ: N_("Open an incident"),
    Action.INCIDENT_EDIT: N_("Change an incident"),
    Action.INCIDENT_SUBMIT: N_("Send an incident for review"),
    Action.INCIDENT_RETURN: N_("Return an incident"),
    Action.INCIDENT_REVIEW: N_("Review an incident"),
    Action.INCIDENT_DISCARD: N_("Discard a draft"),
    Action.SOURCE_IDENTIFY: N_("See who a source is"),
    Action.PERSON_READ: N_("Open a person"),
    Action.PERSON_RECORD: N_("Record a person"),
    Action.PERSON_EDIT: N_("Change a person"),
    Action.PERSON_SEARCH: N_("Look for a person"),
    Action.PERSON_REVEAL: N_("Show a name"),
    Action.CONTACT_READ: N_("See how to reach a person"),
    Action.CONTACT_REVEAL: N_("Show a number or address"),
    Action.TRAIL_READ: N_("Read the trail"),
    Action.USER_READ: N_("See the users"),
    Action.USER_INVITE: N_("Invite a user"),
    Action.USER_CHANGE: N_("Change a user"),
    Action.ROLE_PROPOSE: N_("Grant or end a role"),
    Action.ROLE_CONFIRM: N_("Confirm a role"),
    Action.OFFICE_CHANGE: N_("Change an office"),
    Action.TERM_CHANGE: N_("Change a list of terms"),
    Action.SETTINGS_CHANGE: N_("Change the settings"),
    Action.ORGANISATION_SET_UP: N_("Set up the organisation"),
    Action.ACCOUNT_CHANGE: N_("Change one’s own account"),
    Action.SESSION_BEGIN: N_("Sign in"),
    Action.SESSION_END: N_("Sign out"),
}
