"""How many statements an act sends to the database."""

from collections.abc import Callable

from sqlalchemy import Engine, event


def counted(act: Callable[[], object]) -> int:
    """Return how many statements an act sends, without those that only hold a transaction."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(sent)
