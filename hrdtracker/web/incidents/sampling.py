"""What was imported and is past: a sample is reviewed one by one, then the rest is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.forms.base import uid_or_none
from hrdtracker.incidents import sampling
from hrdtracker.incidents.sampling import Sample
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("samples", __name__, url_prefix="/review/imported")
ACTS_AT_ONCE = 5
"""How many acts one press takes: a page that answers within seconds says how far it came."""


@dataclass(frozen=True)
class SamplesPage:
    """The sample of each import of which something waits, and how many are drawn at once."""

    samples: Sequence[Sample]
    size: int


@bp.get("")
@needs(Action.INCIDENT_ACCEPT_SAMPLED)
def index() -> Response:
    """Show what of each sample is still to be reviewed, and what may be accepted with it."""
    return show(
        "incidents/samples.html", SamplesPage(sampling.samples(identity.actor()), sampling.SAMPLE)
    )


@bp.post("/accept")
@needs(Action.INCIDENT_ACCEPT_SAMPLED)
def accept() -> Response:
    """Accept others of an import whose sample is reviewed, some hundreds at a time."""
    actor, batch, accepted = identity.actor(), uid_or_none(request.form.get("import")), 0
    for _ in range(ACTS_AT_ONCE):
        count = sampling.accept(actor, batch)
        accepted += count
        if count < sampling.MOST:
            break
    says = ngettext(
        "%(count)s incident accepted by its sample.",
        "%(count)s incidents accepted by their sample.",
        accepted,
        count=number(accepted),
    )
    flash(says, "ok")
    return redirect(url_for("samples.index"), 303)
