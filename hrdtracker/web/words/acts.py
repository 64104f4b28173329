"""What an act is called, on any page."""

from flask import Flask
from flask_babel import gettext

from hrdtracker.access.action import LABELS, Action
from hrdtracker.fund.reading.worklist import WorkItem


def say_act(act: str) -> str:
    """Return what an act is called; one that is gone from the program by its name."""
    return str(gettext(LABELS[act])) if act in LABELS else act


def say_task(item: WorkItem) -> str:
    """Return what somebody is to do in the fund: a plan is ended, not cancelled."""
    if item.plan and item.verb == Action.FUND_CANCEL:
        return str(gettext("End the plan"))
    return say_act(item.verb)


def set_up(app: Flask) -> None:
    """Let templates say what an act is called."""
    app.add_template_filter(say_act, "act")
