"""While an act makes many values Python looks for no cycles; then it does as it did before."""

import gc

import pytest

from hrdtracker.core.collector import without_collector


@pytest.mark.parametrize("looked_before", [True, False])
def test_python_looks_for_cycles_afterwards_as_it_did_before(*, looked_before: bool) -> None:
    (gc.enable if looked_before else gc.disable)()
    try:
        with without_collector():
            assert not gc.isenabled()
        assert gc.isenabled() is looked_before
    finally:
        gc.enable()
