"""Who must show a second factor beside the password, and from when: said once, for every page."""

from datetime import datetime

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import DECIDERS, FactorsFor, Organisation


def second_factor_needed_by(
    actor: Actor, organisation: Organisation, *, demo: bool
) -> datetime | None:
    """Return from when somebody needs a second factor; None where they never do.

    Those who decide, pay, audit, administer or confirm, or everybody.
    The demonstration offers second factors and asks for none.
    """
    everybody = organisation.factors_for == FactorsFor.EVERYBODY
    is_meant = everybody or actor.holds(*DECIDERS)
    return organisation.factors_by if is_meant and not demo else None
