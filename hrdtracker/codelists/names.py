"""What each list of terms is called, and which lists nobody changes."""

from collections.abc import Mapping
from types import MappingProxyType

from hrdtracker.core.errors import N_

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "adjournment_request": N_("Who asked for an adjournment"),
        "age_evidence": N_("How an age is known"),
        "appellant": N_("Who appeals"),
        "bail_payer": N_("Who paid bail"),
        "case_outcome": N_("How a case ended"),
        "certainty": N_("How certain an involvement is"),
        "charge_outcome": N_("What became of a charge"),
        "commune": N_("Communes"),
        "complaint_kind": N_("What a complaint is about"),
        "contact_kind": N_("Ways to reach a person"),
        "country": N_("Countries"),
        "court": N_("Courts"),
        "court_order": N_("Orders of courts and prosecutors"),
        "deciding_body": N_("Who decides in a proceeding"),
        "defender_category": N_("What a person defends"),
        "degree_of_involvement": N_("What part somebody had"),
        "district": N_("Districts"),
        "establishment": N_("How far a violation is established"),
        "fair_trial_right": N_("Rights to a fair trial"),
        "finding": N_("Whether it is a violation"),
        "follow_up_kind": N_("Kinds of follow-up"),
        "group_kind": N_("Kinds of group"),
        "hearing_kind": N_("Kinds of hearing"),
        "hearing_status": N_("How a hearing stands"),
        "how_known": N_("How we know of custody"),
        "incident_type": N_("Types of incident"),
        "language": N_("Languages"),
        "lawyer_contacted": N_("Whether a lawyer was contacted"),
        "legal_title": N_("On what ground somebody is held"),
        "limit_replacement": N_("Why two people set another end of a limit"),
        "name_kind": N_("Kinds of name"),
        "name_reason": N_("What a hidden name is needed for"),
        "observed_answer": N_("Answers of observers"),
        "offence_class": N_("Classes of offences"),
        "party_role": N_("Who somebody is in a proceeding"),
        "payment_method": N_("Ways to pay"),
        "perpetrator_type": N_("Types of alleged perpetrator"),
        "platform": N_("Where online"),
        "presence_at_judgment": N_("Whether somebody was present at judgment"),
        "prison": N_("Prisons"),
        "proceeding_end": N_("How a proceeding ended"),
        "proceeding_stage": N_("Stages of a proceeding"),
        "prosecutor_opinion": N_("What the prosecutor says of a request"),
        "province": N_("Provinces"),
        "provision": N_("Articles of law that are charged"),
        "request_filer": N_("Who files a request of the defence"),
        "request_kind": N_("What the defence asks for"),
        "request_standing": N_("How a request of the defence stands"),
        "right": N_("Rights"),
        "risk_level": N_("How high the risk"),
        "source_connection": N_("How a source is connected"),
        "source_material": N_("What a source gave"),
        "source_reliability": N_("How far a source can be relied on"),
        "stay_end": N_("How a stay in custody ended"),
        "stay_step": N_("Steps while somebody is held"),
        "support_document": N_("Documents that account for money"),
        "support_outcome": N_("Whether support helped"),
        "support_type": N_("Types of support"),
        "thematic_area": N_("Thematic areas"),
        "urgency": N_("How urgent"),
        "victim_status": N_("How a victim stood at the end"),
    }
)
FIXED = frozenset(
    {"age_evidence", "establishment", "finding", "payment_method", "risk_level", "urgency"}
)
"""Lists on whose every term the work itself depends: nothing is added, nothing retired."""
