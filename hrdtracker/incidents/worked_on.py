"""Whether somebody worked on an imported case since: features above say what else counts."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_

Condition = ColumnElement[bool]
_also: list[Callable[[Any], Condition]] = []


def counts_as_work(condition: Callable[[Any], Condition]) -> Callable[[Any], Condition]:
    """Let a condition on the scope of a case say that somebody worked on it."""
    _also.append(condition)
    return condition


def was_worked_on(scope_id: Any) -> Condition:
    """Return the condition that somebody recorded more of a case than stands in its incidents."""
    return or_(false(), *(condition(scope_id) for condition in _also))
