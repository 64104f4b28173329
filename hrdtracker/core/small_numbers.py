"""How numbers of people are told to outsiders, so that no number gives one person away.

Every number is rounded to the nearest five and is left out below five. So any two published
numbers differ by nothing or by five at least: in one table, between two tables and between two
reports. Numbers for colleagues who may see the records behind them are told as they are.
"""

LEAST = 5


def published(count: int) -> int | None:
    """Return a number of people as it may be told; None where they are too few."""
    return None if count < LEAST else (count + LEAST // 2) // LEAST * LEAST
