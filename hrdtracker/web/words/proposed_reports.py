"""What is told outside once a second person confirms it, in sentences for that person."""

from flask_babel import gettext

from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.core.when.month import say_kept_month
from hrdtracker.web.shell.context import locale


def say_money_report(line: OpenProposal) -> tuple[str, str]:
    """Return what a donor’s report is called, and what confirming it means."""
    title = gettext("Financial report on grant %(grant)s, %(from)s to %(to)s", **_report_of(line))
    meaning = gettext("Once it is confirmed, the donor is told these sums. Look at them first.")
    return title, meaning


def say_people_report(line: OpenProposal) -> tuple[str, str]:
    """Return what a report on people helped is called, and what confirming it means."""
    report = _report_of(line)
    title = gettext("People helped by all grants, %(from)s to %(to)s", **report)
    if report["grant"]:
        title = gettext("People helped by grant %(grant)s, %(from)s to %(to)s", **report)
    return title, _told_outside()


def say_court_figures(line: OpenProposal) -> tuple[str, str]:
    """Return what the numbers of charges are called, and what confirming them means."""
    title = gettext("People who were charged, %(from)s to %(to)s", **_report_of(line))
    return title, _told_outside()


def _told_outside() -> str:
    sentence = gettext(
        "Once it is confirmed, outsiders are told these numbers, and nobody the same months in "
        "other numbers. Look at them first."
    )
    return str(sentence)


def _report_of(line: OpenProposal) -> dict[str, str]:
    kept = line.proposal.values
    months = {name: say_kept_month(kept[name], locale()) for name in ("from", "to")}
    return {"grant": str(kept["grant"]), **months}
