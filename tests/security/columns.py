"""The table of columns and their classes: what the models declare, as a list to review.

`python -m tests.security.columns` writes it anew; the difference is what somebody reviews.
"""

import csv
from pathlib import Path

from hrdtracker.core.declarations import field_of
from hrdtracker.tables import MODELS

PATH = Path(__file__).with_suffix(".csv")
HEAD = ["table", "column", "class", "why"]


def declared() -> list[list[str]]:
    """Return a line for each column of each table, in the order of their names."""
    columns = [(model.__tablename__, each.name) for model in MODELS for each in model.__table__.c]
    fields = [(table, name, field_of(table, name)) for table, name in sorted(columns)]
    return [[table, name, str(each.grade), each.why] for table, name, each in fields if each]


def write() -> None:
    """Write the table anew."""
    with PATH.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *declared()])


if __name__ == "__main__":
    write()
