"""What was imported and is past: a sample is reviewed one by one, then the rest is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
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
    """The sample of each source of which something waits."""

    samples: Sequence[Sample]


@bp.get("")
@needs(Action.INCIDENT_ACCEPT_SAMPLED)
def index() -> Response:
    """Show what of each sample is still to be reviewed, and what may be accepted with it."""
    return show("incidents/samples.html", SamplesPage(sampling.samples(identity.actor())))


@bp.post("/accept")
@needs(Action.INCIDENT_ACCEPT_SAMPLED)
def accept() -> Response:
    """Accept others of a source whose sample is reviewed, some hundreds at a time."""
    actor, source, accepted = identity.actor(), request.form.get("source", ""), 0
    for _ in range(ACTS_AT_ONCE):
        count = sampling.accept(actor, source)
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
