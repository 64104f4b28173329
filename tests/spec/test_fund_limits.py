"""What the settings of the fund may be: no setting lets one person decide on everything."""

import pytest

from hrdtracker.core.errors import Refused
from hrdtracker.fund.rules.settings import HOURS_MOST, FundSettingsDraft

USUAL = FundSettingsDraft()
TOP = USUAL.director_most


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("currency", {"currency": "XXX"}),
        ("director_most", {"officer_most": TOP}),
        ("director_most", {"officer_most": TOP + 1}),
        ("director_most", {"officer_most": 0}),
        ("emergency_most", {"emergency_most": TOP + 1}),
        ("emergency_most", {"emergency_most": -1}),
        ("short_most", {"short_most": TOP + 1}),
        ("household_most", {"household_most": 0}),
        ("critical_hours", {"critical_hours": 0}),
        ("high_hours", {"high_hours": HOURS_MOST + 1}),
        ("normal_hours", {"normal_hours": 0}),
        ("ratify_hours", {"ratify_hours": HOURS_MOST + 1}),
        ("adding_days", {"adding_days": 0}),
        ("adding_days", {"adding_days": HOURS_MOST + 1}),
        ("account_days", {"account_days": 0}),
        ("account_days", {"account_days": HOURS_MOST + 1}),
        ("rate_days", {"rate_days": 0}),
        ("booking_days", {"booking_days": HOURS_MOST + 1}),
    ],
)
def test_a_setting_beyond_its_limits_is_refused_beside_its_field(
    field: str, wrong: dict[str, int | str]
) -> None:
    with pytest.raises(Refused) as refused:
        FundSettingsDraft(**wrong)  # type: ignore[arg-type] # one field of either kind
    assert set(refused.value.reasons) == {field}


@pytest.mark.parametrize(
    "right",
    [
        {"officer_most": 1},
        {"officer_most": TOP - 1},
        {"emergency_most": 0, "short_most": TOP},
        {"household_most": 1},
        {"critical_hours": 1, "normal_hours": HOURS_MOST},
        {"account_days": HOURS_MOST},
    ],
)
def test_a_setting_at_its_limit_is_taken(right: dict[str, int]) -> None:
    draft = FundSettingsDraft(**right)  # type: ignore[arg-type] # numbers alone
    assert {name: getattr(draft, name) for name in right} == right
