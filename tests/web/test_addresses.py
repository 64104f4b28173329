"""Whatever stands in the address of a list: a page comes back, on both engines."""

import pytest
from flask import Flask

from hrdtracker.core.page import EPOCH, Cursor
from tests.web.browse import Browser

FAR = Cursor(EPOCH, 2**60).token()
BEFORE = Cursor(EPOCH, -(2**60)).token()


@pytest.mark.parametrize("token", [FAR, BEFORE])
def test_a_place_that_no_row_can_have_is_the_beginning_of_the_list(app: Flask, token: str) -> None:
    assert Cursor.read(token) is None
    assert Browser(app, "monitor").get(f"/incidents?page={token}").status_code == 200


@pytest.mark.parametrize("name", ["area", "type", "status", "province", "office", "owner"])
def test_a_filter_that_no_database_keeps_is_left_out(app: Flask, name: str) -> None:
    assert Browser(app, "monitor").get(f"/incidents?{name}=a%00b").status_code == 200
