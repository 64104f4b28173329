"""How a request is written down: one screen, then the rest step by step, kept at every step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import colleagues
from hrdtracker.cases.model import Case
from hrdtracker.cases.queries import is_normal
from hrdtracker.core.errors import N_, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.forms.base import say, uid_or_none, version_of
from hrdtracker.forms.fund.amounts import typed_amount
from hrdtracker.forms.fund.requests.full_request import BudgetForm, WhyForm
from hrdtracker.forms.fund.requests.plan import PlanForm
from hrdtracker.forms.fund.requests.request import BasicsForm, is_simple
from hrdtracker.fund.drafts.requests import RequestDraft
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.plans import OpenPlan, open_plan
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests.content import due_later
from hrdtracker.fund.requests.editing import draft_of, is_short, people_to_name
from hrdtracker.fund.requests.service import UNSENT
from hrdtracker.web.fund.requests.answer import story_for, to_request
from hrdtracker.web.fund.requests.plans import PlanChoice, choices, say_plan
from hrdtracker.web.shell.conflict import Conflict, conflict
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.words.cases import case_title, say_named
from hrdtracker.web.words.requests import title_of

SENT = N_("Sent. You see here how it goes on.")
Edit = Callable[[Actor, SupportRequest, RequestDraft, int], bool]
Complete = Callable[[Actor, SupportRequest, RequestDraft, int], None]


@dataclass(frozen=True)
class AskPage:
    """The screen on which one asks for support in a case, which may not be open to all."""

    case: Case
    title: str
    hidden: bool
    drawn_from: str = ""
    """How much a household draws from the plan that was chosen, and until when."""
    plans: Sequence[PlanChoice] = ()


@dataclass(frozen=True)
class WritePage:
    """A step of writing a request, and what somebody saved of it meanwhile."""

    request: SupportRequest
    title: str
    saved: Conflict | None = field(default=None, kw_only=True)

    @property
    def voids(self) -> bool:
        """Tell whether a change voids what was verified or approved."""
        return self.request.status not in UNSENT


@dataclass(frozen=True)
class EditPage(WritePage):
    """The step that says who, for what, how much, by when, how to pay."""

    simple: bool
    """One amount says all that it costs."""
    kept: bool
    """How to pay is kept already."""


@dataclass(frozen=True)
class WhyPage(WritePage):
    """The step that says the rest; `owed`: only what a short request still has to say."""

    owed: bool

    @property
    def voids(self) -> bool:
        """Tell whether a change voids decisions: what is only owed never does."""
        return super().voids and not self.owed

    @property
    def amount(self) -> Money | None:
        """Return what is asked for in all, as it was understood; None before an amount stands."""
        request = self.request
        return Money(request.amount, request.currency) if request.amount else None


@dataclass(frozen=True)
class FormStep:
    """One step of writing a request: its page, its form, what it says, and what comes after.

    `values` are those of a request as the form shows them, and `offer` fills the form’s choices.
    """

    template: str
    form: Any
    draft: Callable[[], RequestDraft]
    onward: str
    values: Callable[[RequestDraft], dict[str, object]]
    offer: Callable[[Any], object]


def uid_or_missing(text: str | None) -> UUID:
    """Return the uid that stands in an address; raises NotFound for what is none."""
    uid = uid_or_none(text)
    if uid is None:
        raise NotFound
    return uid


def people_choices(actor: Actor, case_id: int) -> list[tuple[str, str]]:
    """Return everybody in a case as a choice: the letter and what tells them apart, no name."""
    choices = []
    for named in people_to_name(actor, case_id):
        person = named.person
        age = number(person.age) if person.age is not None else ""
        facts = [say_named(named), word(person.sex), age]
        choices.append((person.uid.hex, ", ".join(fact for fact in facts if fact)))
    return choices


def carriers(actor: Actor) -> list[tuple[str, str]]:
    """Return the colleagues who may hand cash over, oneself first."""
    return [(actor.uid.hex, gettext("Me")), *colleagues(actor)]


def shortened(
    draft: RequestDraft, organisation_id: int, now: SupportRequest | None
) -> RequestDraft:
    """Return a draft that says whether a few words are enough for it."""
    return replace(draft, short=is_short(organisation_id, draft, now))


def chosen_plan(case: Case) -> OpenPlan | None:
    """Return the plan that the address names; raises NotFound where nobody can draw from it."""
    text = request.args.get("plan")
    return open_plan(case, uid_or_missing(text)) if text else None


def first_values(plan: OpenPlan | None) -> dict[str, object]:
    """Return what stands in the form before anything was typed."""
    if plan is None:
        return {"urgency": "normal", "currency": "USD"}
    amount = typed_amount(plan.most.amount, plan.most.currency)
    return {
        "urgency": "normal",
        "currency": plan.most.currency,
        "support_type": plan.support_type,
        "amount": amount,
    }


def _say_drawn_from(plan: OpenPlan) -> str:
    return str(gettext("%(what)s: %(which)s", what=plan.code, which=say_plan(plan)))


def new_page(case: Case, form: BasicsForm, plan: OpenPlan | None) -> Response:
    """Return the screen on which one asks, or draws from a plan."""
    page = AskPage(
        case,
        case_title(case),
        hidden=not is_normal(case),
        drawn_from=_say_drawn_from(plan) if plan else "",
        plans=choices(case) if plan is None else (),
    )
    return show("fund/requests/new.html", page, form)


def new_plan_page(case: Case, form: PlanForm) -> Response:
    """Return the screen on which one asks for many households at once."""
    page = AskPage(case, case_title(case), hidden=not is_normal(case))
    return show("fund/requests/plan_new.html", page, form)


def try_to_send(submit: Callable[[], None], request_: SupportRequest) -> None:
    """Send a request, and say so; or say that it is kept and what stops it."""
    try:
        submit()
    except Stale:
        if request_.status in UNSENT:
            raise
        flash(gettext(SENT), "ok")  # by a twin of this sending
    except Refused:
        flash(gettext("Kept, but not sent yet: something is still missing."), "warn")
    except WrongStatus as refused:
        flash(gettext("Kept, but not sent yet: %(why)s", why=say(refused.reason)), "warn")
    else:
        flash(gettext(SENT), "ok")


def edit_step(actor: Actor, uid: UUID, verb: Edit) -> Response:
    """Change who, for what, how much, by when, how to pay."""
    details = story_for(actor, uid, Action.FUND_EDIT)
    if details.request.households is not None:
        return _plan_step(actor, details, verb)
    current = draft_of(details.request)
    form = BasicsForm.received(
        version=str(details.request.version), **BasicsForm.values(current, locale())
    )
    people = people_choices(actor, details.request.case_id), carriers(actor)
    form.offer(reader(), *people)
    step = FormStep(
        "fund/requests/edit.html",
        form,
        draft=lambda: form.draft(reader(), current),
        onward=url_for("fund.why", uid=uid),
        values=lambda now: BasicsForm.values(now, locale()),
        offer=lambda theirs: theirs.offer(reader(), *people),
    )
    keep = _changing(actor, details, step, verb)
    kept = bool(current.payee_details)
    page = EditPage(details.request, title_of(details), is_simple(current), kept)
    return _write(actor, page, step, keep)


def _plan_step(actor: Actor, details: RequestDetails, verb: Edit) -> Response:
    """Change for how many households a plan is, what each has, and until when."""
    current, uid = draft_of(details.request), details.request.uid
    values = PlanForm.values(current, locale())
    form = PlanForm.received(version=str(details.request.version), **values).offer(reader())
    step = FormStep(
        "fund/requests/plan_edit.html",
        form,
        draft=lambda: form.draft(reader(), current),
        onward=url_for("fund.why", uid=uid),
        values=lambda now: PlanForm.values(now, locale()),
        offer=lambda theirs: theirs.offer(reader()),
    )
    page = WritePage(details.request, title_of(details))
    return _write(actor, page, step, _changing(actor, details, step, verb))


def budget_step(actor: Actor, uid: UUID, verb: Edit) -> Response:
    """Change what it costs, line by line, and when it is paid."""
    details = story_for(actor, uid, Action.FUND_EDIT)
    current = draft_of(details.request)
    form = BudgetForm.received(
        version=str(details.request.version), **BudgetForm.values(current, locale())
    )
    form.offer(reader())
    step = FormStep(
        "fund/requests/budget.html",
        form,
        draft=lambda: form.draft(reader(), current),
        onward=url_for("fund.budget", uid=uid),
        values=lambda now: BudgetForm.values(now, locale()),
        offer=lambda theirs: theirs.offer(reader()),
    )
    page = WritePage(details.request, title_of(details))
    return _write(actor, page, step, _changing(actor, details, step, verb))


def why_step(actor: Actor, uid: UUID, verb: Edit, complete: Complete) -> Response:
    """Say the rest; of what was decided on already only what is still empty."""
    details = request_reading.story(actor, uid)
    rest = Action.FUND_COMPLETE in details.may
    if not rest:
        details = story_for(actor, uid, Action.FUND_EDIT)
    current, request_ = draft_of(details.request), details.request
    form = WhyForm.received(version=str(request_.version), **WhyForm.values(current))
    is_plan = request_.households is not None  # it names nobody
    people = [] if is_plan else people_choices(actor, request_.case_id)
    form.offer(reader(), people)
    if rest:
        form.only(due_later(request_))
    step = FormStep(
        "fund/requests/why.html",
        form,
        draft=lambda: form.draft(current),
        onward="",
        values=WhyForm.values,
        offer=lambda theirs: theirs.offer(reader(), people),
    )

    def keep_rest() -> None:
        complete(actor, request_, form.draft(current), version_of(form))
        flash(gettext("Saved."), "ok")

    keep = keep_rest if rest else _changing(actor, details, step, verb)
    return _write(actor, WhyPage(request_, title_of(details), rest), step, keep)


def _changing(
    actor: Actor, details: RequestDetails, step: FormStep, verb: Edit
) -> Callable[[], None]:
    """Return what changes a request as a step says, and tells what this did to decisions."""

    def keep() -> None:
        request_ = details.request
        draft = shortened(step.draft(), request_.organisation_id, request_)
        if verb(actor, request_, draft, version_of(step.form)):
            warning = gettext("Saved. What was verified or approved is void: it is decided anew.")
            flash(warning, "warn")
        else:
            flash(gettext("Saved."), "ok")

    return keep


def _write(actor: Actor, page: WritePage, step: FormStep, keep: Callable[[], None]) -> Response:
    """Keep what a step says and go on; a stale one comes back filled, beside what stands now."""
    uid = page.request.uid
    if step.form.is_valid_submission:
        try:
            with step.form.reasons():
                keep()
                on = step.onward if "on" in request.form else ""
                return redirect(on, 303) if on else to_request(uid)
        except Stale:
            now = request_reading.story(actor, uid)
            values = {**step.values(draft_of(now.request)), "version": now.request.version}
            saved = conflict(actor, uid, step.form, values, step.offer)
            page = replace(page, request=now.request, title=title_of(now), saved=saved)
    return show(step.template, page, step.form, 409 if page.saved else None)
