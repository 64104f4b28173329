"""A grant that its donor ends: day and reason, each promise, and the money that is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import Stale
from hrdtracker.core.money import Money
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.money.grants import GrantEndForm
from hrdtracker.fund.budget import ending
from hrdtracker.fund.budget.grants import check_has_not_ended
from hrdtracker.fund.drafts.money import PromiseFate
from hrdtracker.fund.model import DonorGrant, SupportRequest
from hrdtracker.fund.payments.service import open_commitments
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.grant_money import GrantMoney, money_of
from hrdtracker.fund.workflow import REQUEST
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out, say_late
from hrdtracker.web.shell.context import locale, number, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_grant_end", __name__)
FATES = {Action.FUND_MOVE: PromiseFate.MOVED, Action.FUND_CANCEL: PromiseFate.GIVEN_BACK}


@dataclass(frozen=True)
class GrantEndPage:
    """The grant that ends, its money, and how many promises the reader may not open."""

    grant: DonorGrant
    money: GrantMoney
    others: int


@bp.route("/fund/grants/<uuid:uid>/end", methods=["GET", "POST"])
@needs(Action.FUND_GRANT_CHANGE)
def end(uid: UUID) -> AnyResponse:
    """Record that a donor ended a grant, and decide on each of its promises."""
    actor = identity.actor()
    grant = policy.fetch(actor, Action.FUND_GRANT_CHANGE, DonorGrant, uid)
    check_has_not_ended(grant)
    requests = ending.promises(actor, grant)
    start = [{"request": request.uid.hex, "fate": PromiseFate.KEPT.value} for request in requests]
    day = say_day(today(), locale())
    form = GrantEndForm.received(version=str(grant.version), ended_on=day, promises=start)
    form.offer(_choices(actor, grant, requests), _lines(actor, grant))
    others = ending.how_many_promises(grant) - len(requests)

    def act() -> tuple[str, str]:
        ending.end_grant(actor, grant, form.draft(reader()), version_of(form))
        sentence = gettext("The grant is ended. Fund and finance officers are told.")
        return sentence, url_for("fund_money_grants.grant", uid=uid)

    def draw(late: Stale | None) -> Response:
        say_late(form, late, grant.version)
        return show("fund/money/grant_end.html", GrantEndPage(grant, money_of(grant), others), form)

    return carry_out(form, act, draw)


def _choices(
    actor: Actor, grant: DonorGrant, requests: Sequence[SupportRequest]
) -> Mapping[str, tuple[str, Sequence[PromiseFate]]]:
    """Return of each promise what it is called, and what the reader may decide of it."""
    offers = REQUEST.offers_each(actor, tuple(FATES), requests)
    choices, still_open = {}, open_commitments(requests)
    for request in requests:
        fates = [
            PromiseFate.KEPT,
            *(FATES[verb] for verb in FATES if verb in offers[request.id].may),
        ]
        left = number(Money(max(0, still_open[request.id]), grant.currency))
        label = gettext("%(code)s: %(left)s not paid yet", code=request.code, left=left)
        choices[request.uid.hex] = (label, fates)
    return choices


def _lines(actor: Actor, grant: DonorGrant) -> list[tuple[str, str]]:
    """Return the lines of other grants in the same currency, with what each has left."""
    return [
        (
            line.uid.hex,
            gettext(
                "%(line)s: %(left)s left",
                line=f"{line.grant_code} {line.code} {line.title}",
                left=number(line.available),
            ),
        )
        for line in money_reading.lines(actor)
        if line.running
        and line.grant_uid != grant.uid
        and line.available.currency == grant.currency
    ]
