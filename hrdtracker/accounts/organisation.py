"""The organisation and its offices: set up once, changed by administrators."""

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import FactorsFor, Office, Organisation, Role, User
from hrdtracker.accounts import passwords, proposals, roles, staff
from hrdtracker.accounts.drafts import (
    OfficeDraft,
    OrganisationDraft,
    ReadingLimits,
    SecondDraft,
    SettingsDraft,
    UserDraft,
)
from hrdtracker.accounts.model import Plain, Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.load import load_codelists
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import Compartment, ring


def set_up_organisation(operator: Actor, draft: OrganisationDraft) -> Organisation:
    """Make the organisation, its first office and its codelists; only where there is none."""
    with authorised(operator, Action.ORGANISATION_SET_UP, on=None) as signature:
        if session().scalar(select(func.count()).select_from(Organisation)):
            raise WrongStatus
        compartment = Compartment()
        key = ring().create()
        session().add_all([compartment, key])
        session().flush()
        session().add(ring().wrap(key.id, compartment))
        organisation = Organisation(
            name=draft.name.strip(),
            language=draft.language,
            data_key_id=key.id,
            compartment_id=compartment.id,
        )
        session().add(organisation)
        session().flush()
        signature.about(organisation)
        signature.actor = replace(operator, organisation_id=organisation.id)
        _add_office(organisation, draft.office)
        load_codelists()
    return organisation


def set_up(
    operator: Actor, draft: OrganisationDraft, first: UserDraft, password: str, second: SecondDraft
) -> tuple[User, User, str]:
    """Make the organisation, its first administrator and the second person beside them.

    The administrator signs in with `password`; returns both, and the code of the second. All of it
    or nothing. Raises Refused, WrongStatus where there is an organisation, TooBusy.
    """
    passwords.check_new(password, first.login)
    hashed = passwords.hash_password(password)
    with authorised(operator, Action.ORGANISATION_SET_UP, on=None) as signature:
        organisation = set_up_organisation(operator, draft)
        by_hand = replace(operator, organisation_id=organisation.id)
        signature.actor = by_hand
        other, code = staff.invite(by_hand, organisation, second.user)
        roles.propose_role(by_hand, other, second.role, None)
        user, _ = staff.invite(by_hand, organisation, first)
        oneself = Actor(user.id, user.uid, organisation.id)
        with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
            staff.activate(user, hashed)
        roles.propose_role(by_hand, user, Role.ADMINISTRATOR, None)
    return user, other, code


def change_settings(
    actor: Actor, organisation: Organisation, draft: SettingsDraft
) -> Proposal | None:
    """Change what the organisation sets for everybody.

    To ask for second factors sooner or of more people counts at once; to ask for them later or of
    fewer is proposed to a second person, and returned.
    """
    with authorised(actor, Action.SETTINGS_CHANGE, on=organisation):
        organisation.name, organisation.product = draft.name.strip(), draft.product.strip()
        organisation.language, organisation.zone = draft.language, draft.zone
        organisation.due_mail_hours = draft.due_mail_hours
        return _ask_for_factors(actor, organisation, draft)


def _ask_for_factors(
    actor: Actor, organisation: Organisation, draft: SettingsDraft
) -> Proposal | None:
    """Set at once what asks more; propose what asks less, in place of what was proposed before."""
    less: dict[str, Plain] = {}
    if draft.factors_for == FactorsFor.DECIDERS != organisation.factors_for:
        less["factors_for"] = draft.factors_for
    else:
        organisation.factors_for = draft.factors_for
    if draft.factors_by > organisation.factors_by:
        less["factors_by"] = draft.factors_by.isoformat()
    else:
        organisation.factors_by = draft.factors_by
    if not less:
        return None
    before = _factors_asked(organisation)
    with authorised(actor, Action.FACTORS_RELAX, within=organisation):
        proposals.supersede(Action.FACTORS_RELAX, organisation)
        change = ProposedChange({**less, "before": {name: before[name] for name in less}})
        return proposals.propose(actor, Action.FACTORS_RELAX, organisation, change)


def _factors_asked(organisation: Organisation) -> dict[str, str]:
    """Return of whom second factors are asked and from when, as a proposal keeps it."""
    by = organisation.factors_by.isoformat()
    return {"factors_for": organisation.factors_for, "factors_by": by}


@consequence(Action.FACTORS_RELAX)
class FactorsRelaxed:
    """Second factors asked for later, or of fewer people, as two people want it."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it count; raises WrongStatus where what is asked changed since it was proposed."""
        organisation = session().get_one(Organisation, proposal.organisation_id)
        lock(organisation)
        wanted = {name: to for name, to in proposal.values.items() if name != "before"}
        asked = _factors_asked(organisation)
        if proposal.values["before"] != {name: asked[name] for name in wanted}:
            raise WrongStatus(N_("The settings changed meanwhile. Propose yours anew."))
        asked.update({name: str(to) for name, to in wanted.items()})
        organisation.factors_for = asked["factors_for"]
        organisation.factors_by = datetime.fromisoformat(asked["factors_by"])

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave it as it is: whoever administers asks more again, alone and at once."""


def change_limits(actor: Actor, organisation: Organisation, limits: ReadingLimits) -> Proposal:
    """Propose how much reading is usual, and how often one may search; raises Refused."""
    with authorised(actor, Action.LIMITS_CHANGE, within=organisation):
        wanted = asdict(limits)
        before = {
            name: was for name in wanted if (was := getattr(organisation, name)) != wanted[name]
        }
        if not before:
            raise Refused({"": N_("These are the settings as they are.")})
        proposals.supersede(Action.LIMITS_CHANGE, organisation)
        change = ProposedChange({**wanted, "before": before})
        return proposals.propose(actor, Action.LIMITS_CHANGE, organisation, change)


@consequence(Action.LIMITS_CHANGE)
class LimitsChanged:
    """How much reading is usual, as two people want it."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it count."""
        organisation = session().get_one(Organisation, proposal.organisation_id)
        lock(organisation)
        for name, most in proposal.values.items():
            if name != "before":
                setattr(organisation, name, most)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave it as it is: what two confirmed, two change again."""


@idempotent
def open_office(actor: Actor, organisation: Organisation, draft: OfficeDraft) -> Office:
    """Open one more office; raises Refused where its code is taken.

    Its monitors read each other’s cases only once a second person has confirmed that.
    """
    with authorised(
        actor, Action.OFFICE_CHANGE, within=organisation, sending=draft.sending
    ) as signature:
        signature.made = office = _add_office(organisation, draft)
        if draft.open_to_monitors:
            _set_open(actor, office, opens=True)
    return office


def change_office(actor: Actor, office: Office, draft: OfficeDraft) -> None:
    """Change an office’s name and what the browsers of its people keep; propose what they read."""
    with authorised(actor, Action.OFFICE_CHANGE, on=office):
        if draft.code != office.code:
            raise Refused({"code": N_("The code stays: it stands in the codes of cases.")})
        office.name_en, office.name_km = draft.name_en.strip(), draft.name_km.strip()
        office.keeps_typing = draft.keeps_typing
        if draft.open_to_monitors != office.open_to_monitors:
            _set_open(actor, office, opens=draft.open_to_monitors)


def _set_open(actor: Actor, office: Office, *, opens: bool) -> None:
    """Propose that the monitors of an office read each other’s normal cases, or no longer do."""
    action = Action.OFFICE_OPEN_UP if opens else Action.OFFICE_CLOSE_OFF
    if proposals.waiting_for(office, action) is None:
        with authorised(actor, action, within=office):
            proposals.propose(actor, action, office, ProposedChange(office_id=office.id))


@consequence(Action.OFFICE_OPEN_UP)
class OfficeOpen:
    """An office whose monitors read each other’s normal cases."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let them read these."""
        office_of(proposal).open_to_monitors = True

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Let each read only their own again, and let no closing that lapses open it."""
        office = office_of(proposal)
        proposals.supersede(Action.OFFICE_CLOSE_OFF, office)
        office.open_to_monitors = False


@consequence(Action.OFFICE_CLOSE_OFF)
class OfficeClosed:
    """An office whose monitors each read only their own cases."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let each read only their own."""
        office_of(proposal).open_to_monitors = False

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Let them read each other’s again."""
        office_of(proposal).open_to_monitors = True


def office_of(proposal: Proposal) -> Office:
    """Return the office an act is about, locked."""
    office = session().get_one(Office, proposal.office_id)
    lock(office)
    return office


def _add_office(organisation: Organisation, draft: OfficeDraft) -> Office:
    taken = select(Office.id).where(
        Office.organisation_id == organisation.id, Office.code == draft.code
    )
    if session().scalar(taken):
        raise Refused({"code": N_("Another office has this code.")})
    compartment = Compartment()
    session().add(compartment)
    session().flush()
    office = Office(
        organisation_id=organisation.id,
        compartment_id=compartment.id,
        code=draft.code,
        name_en=draft.name_en.strip(),
        name_km=draft.name_km.strip(),
        keeps_typing=draft.keeps_typing,
    )
    session().add(office)
    session().flush()
    return office
