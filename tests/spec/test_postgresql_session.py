"""What every connection to PostgreSQL sets, whatever its server sets for others."""

import pytest

from hrdtracker.core.db import session

pytestmark = [pytest.mark.engines("postgresql"), pytest.mark.usefixtures("unit")]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("jit", "off"),
        ("lock_timeout", "10s"),
        ("statement_timeout", "20s"),
        ("idle_in_transaction_session_timeout", "1min"),
    ],
)
def test_a_connection_does_not_wait_for_ever_nor_compile_what_it_is_asked(
    setting: str, value: str
) -> None:
    shown = session().connection().exec_driver_sql(f"SHOW {setting}").scalar()
    assert shown == value
