"""Which page needs what: a page that does not say it is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from hrdtracker.access.action import Action

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SIGNED_IN = "signed in"
SETTING_UP = "signed in, even without the second factor that is needed"


def needs(entry: Action | str) -> Callable[[View], View]:
    """Say what a page needs: a verb, or that it is PUBLIC, or for anybody SIGNED_IN.

    What is open to somebody who must set up a second factor first is marked SETTING_UP.
    """

    def mark(view: View) -> View:
        view.__dict__["needs"] = entry
        return view

    return mark


def need_of(view: Callable[..., Any] | None) -> Action | str | None:
    """Return what a page needs; None where it was not said."""
    return getattr(view, "needs", None)
