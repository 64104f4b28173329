"""What an act is called, on any page."""

from flask import Flask
from flask_babel import gettext

from hrdtracker.access.action import LABELS


def say_act(act: str) -> str:
    """Return what an act is called; one that is gone from the program by its name."""
    return str(gettext(LABELS[act])) if act in LABELS else act


def set_up(app: Flask) -> None:
    """Let templates say what an act is called."""
    app.add_template_filter(say_act, "act")
