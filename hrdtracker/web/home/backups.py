"""What of the backups is not in order, on the first page of those who answer for them."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.backups.queries import BackupsAlarm, alarm
from hrdtracker.core.when.say import say_instant
from hrdtracker.web.admin.backups import say_fault
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.context import locale, today, zone


def backups_not_in_order(actor: Actor) -> Iterator[HomeSection]:
    """Yield what is wrong with the backups; nothing where all is well."""
    url = url_for("backups.index")
    lines = [
        HomeLine(
            Order.LATE, what, url, gettext("See the backups"), kind="overdue", word=word, meta=meta
        )
        for what, word, meta in _wrong(alarm(actor))
    ]
    if lines:
        yield HomeSection("backups", gettext("Backups"), lines, url=url)


def _wrong(state: BackupsAlarm) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong, a word for it, and what more there is to say."""
    last = state.last_good
    at = say_instant(last, zone(), locale(), today()) if last else ""
    if state.unplanned:
        meta = gettext("Nobody has said yet to whom backups are sealed and where they go.")
        yield gettext("No backups are made"), gettext("Missing"), meta
    elif state.late and last:
        yield gettext("No good backup since %(at)s", at=at), gettext("Late"), ""
    elif state.late:
        yield gettext("There is no good backup yet"), gettext("Missing"), ""
    if state.failed:
        meta = say_fault(state.failed.fault or "")
        if at:
            good = gettext("The last good one is of %(at)s.", at=at)
            meta = f"{meta} {good}"
        yield (
            gettext("The backup to %(place)s failed", place=state.failed.place),
            gettext("Failed"),
            meta,
        )
    if state.rehearsal_due:
        meta = gettext("A backup that nobody has ever opened may be none.")
        yield gettext("No restore was rehearsed for 35 days"), gettext("Late"), meta
