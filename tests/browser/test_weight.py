"""How much a phone loads before somebody can log an incident, with nothing kept from before."""

import pytest

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
MOST = 110_000


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_cold_page_to_log_an_incident_weighs_at_most_110_kb(visit: Visit, language: str) -> None:
    page = visit("monitor", "phone", language)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    loaded: dict[str, float] = {}
    wire.on(
        "Network.loadingFinished",
        lambda event: loaded.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto("/incidents/new", wait_until="networkidle")
    assert len(loaded) >= 7
    assert sum(loaded.values()) <= MOST
