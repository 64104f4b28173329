"""The day and the zone in which the tests read dates, and how they read one."""

from datetime import date
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import read_when

ZONE = ZoneInfo("Asia/Phnom_Penh")
TODAY = date(2026, 11, 21)  # a Saturday
ZERO_WIDTH_SPACE = "\u200b"


def read(text: str, today: date = TODAY) -> When:
    return read_when(text, today, ZONE)
