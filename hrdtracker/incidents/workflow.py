"""The arrows of an incident: written, sent, returned, reviewed, and sent again when it changes."""

from hrdtracker.access.action import Action
from hrdtracker.core.workflow import Step, Workflow
from hrdtracker.incidents.model import IncidentStatus

INCIDENT = Workflow(
    IncidentStatus.DRAFT,
    (
        Step(Action.INCIDENT_SUBMIT, IncidentStatus.DRAFT, IncidentStatus.SUBMITTED),
        Step(Action.INCIDENT_SUBMIT, IncidentStatus.RETURNED, IncidentStatus.SUBMITTED),
        Step(Action.INCIDENT_RETURN, IncidentStatus.SUBMITTED, IncidentStatus.RETURNED),
        Step(Action.INCIDENT_REVIEW, IncidentStatus.SUBMITTED, IncidentStatus.REVIEWED),
        Step(Action.INCIDENT_ACCEPT_SAMPLED, IncidentStatus.SUBMITTED, IncidentStatus.REVIEWED),
        Step(Action.INCIDENT_EDIT, IncidentStatus.REVIEWED, IncidentStatus.SUBMITTED),
        Step(Action.INCIDENT_EDIT, IncidentStatus.SUBMITTED, IncidentStatus.SUBMITTED),
        Step(Action.INCIDENT_EDIT, IncidentStatus.RETURNED, IncidentStatus.RETURNED),
        Step(Action.INCIDENT_EDIT, IncidentStatus.DRAFT, IncidentStatus.DRAFT),
        Step(Action.INCIDENT_DISCARD, IncidentStatus.DRAFT, IncidentStatus.DRAFT),
    ),
)
