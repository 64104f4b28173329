"""The first page: the next things to do."""

from flask import Blueprint, render_template

from hrdtracker.web.shell.doors import SIGNED_IN, needs

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(SIGNED_IN)
def today() -> str:
    """Show what comes next for whoever is here."""
    return render_template("home/today.html")
