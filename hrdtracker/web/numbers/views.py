"""Courts and custody in numbers, and whom or what each number counts, for directors."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.custody.states import Confirmation
from hrdtracker.insight.courts.charged import ChargeFigures, charge_figures
from hrdtracker.insight.courts.counting import how_many
from hrdtracker.insight.courts.detained import (
    DetentionFigures,
    DetentionState,
    detention_figures,
)
from hrdtracker.insight.courts.held import HeldFigures, held_figures
from hrdtracker.insight.courts.rights import rights_figures
from hrdtracker.proceedings.legal_rules.queries import ReviewCount, review_count
from hrdtracker.web.numbers.choosing import Figure, chosen_of, figures_bar, opens
from hrdtracker.web.numbers.lines import ChargeTable, by_area, by_article
from hrdtracker.web.numbers.people import CountedPeoplePage, people_page
from hrdtracker.web.numbers.rights import (
    CountedHearingsPage,
    RightsPart,
    hearings_page,
    rights_part,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.filters import UNDATED, YES, FilterBar
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.numbers import (
    say_articles,
    say_heard,
    say_over,
    say_people,
    say_spread,
    say_unknown,
)

bp = Blueprint("numbers", __name__, url_prefix="/numbers")
WORDS = {
    Confirmation.FRESH: Figure.FRESH,
    Confirmation.LAPSED: Figure.LAPSED,
    Confirmation.UNKNOWN: Figure.UNHEARD,
}
LENGTHS = {
    DetentionState.ENDED: Figure.ENDED,
    DetentionState.RUNNING: Figure.RUNNING,
    DetentionState.UNKNOWN: Figure.UNKNOWN,
}


@dataclass(frozen=True)
class FigureSentence:
    """A number as a sentence, and the address of those whom it counts."""

    words: str
    url: str


@dataclass(frozen=True)
class HeldPart:
    """Who is held now: how many, over a limit, and by how good the word is."""

    people: int
    url: str
    over: FigureSentence | None
    words: Sequence[FigureSentence]
    reviewed: ReviewCount


@dataclass(frozen=True)
class ChargedPart:
    """Who was charged, by article and by area, and how many may have been."""

    people: FigureSentence | None
    undated: FigureSentence | None
    articles: ChargeTable
    areas: ChargeTable


@dataclass(frozen=True)
class NumbersPage:
    """Courts and custody in numbers, of the cases that one reads; what narrows it."""

    held: HeldPart
    charged: ChargedPart
    detained: Sequence[FigureSentence]
    undated: FigureSentence | None
    rights: RightsPart
    bar: FilterBar
    may_release: bool


@bp.get("")
@needs(Action.FIGURES_READ)
def index() -> Response:
    """Show who is held, who was charged and how long people are detained before trial."""
    actor = identity.actor()
    bar = figures_bar(actor)
    chosen = chosen_of(bar)
    detained = detention_figures(actor, chosen)
    page = NumbersPage(
        _held(held_figures(actor, chosen), bar, review_count(actor)),
        _charged(charge_figures(actor, chosen), bar),
        _detained(detained, bar),
        _undated(bar, Figure.UNKNOWN, len(detained.undated)),
        rights_part(rights_figures(actor, chosen), bar),
        bar,
        policy.could(actor, Action.FIGURES_RELEASE),
    )
    return show("numbers/index.html", page)


@bp.get("/hearings")
@needs(Action.FIGURES_READ)
def hearings() -> Response:
    """Show at which hearings a right was in question."""
    page: CountedHearingsPage = hearings_page(identity.actor())
    return show("numbers/hearings.html", page)


@bp.get("/people")
@needs(Action.FIGURES_READ)
def people() -> Response:
    """Show whom a number counts, by case and letter."""
    page: CountedPeoplePage = people_page(identity.actor())
    return show("numbers/people.html", page)


def _held(figures: HeldFigures, bar: FilterBar, reviewed: ReviewCount) -> HeldPart:
    counts = [(state, how_many(figures.heard(state)), what) for state, what in WORDS.items()]
    words = [
        FigureSentence(say_heard(state, count), opens(bar, what))
        for state, count, what in counts
        if count
    ]
    over = FigureSentence(say_over(figures.over), opens(bar, Figure.OVER)) if figures.over else None
    return HeldPart(figures.people, opens(bar, Figure.HELD), over, words, reviewed)


def _charged(figures: ChargeFigures, bar: FilterBar) -> ChargedPart:
    people = FigureSentence(say_articles(figures), opens(bar, Figure.CHARGED))
    return ChargedPart(
        people if figures.rows else None,
        _undated(bar, Figure.CHARGED, how_many(figures.undated)),
        by_article(figures, bar),
        by_area(figures, bar),
    )


def _detained(figures: DetentionFigures, bar: FilterBar) -> list[FigureSentence]:
    """Return how long detentions are: what has ended, what goes on, of how many nobody knows."""
    found = list[FigureSentence]()
    for state, what in LENGTHS.items():
        spread, count = figures.spread(state), len(figures.of(state))
        if spread is not None:
            found.append(FigureSentence(say_spread(spread, state), opens(bar, what)))
        elif count:
            found.append(FigureSentence(say_unknown(count), opens(bar, what)))
    return found


def _undated(bar: FilterBar, what: Figure, count: int) -> FigureSentence | None:
    if not count:
        return None
    return FigureSentence(say_people(count), opens(bar, what, **{UNDATED: YES}))
