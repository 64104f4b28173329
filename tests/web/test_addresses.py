"""Whatever stands in the address of a list: a page comes back, on both engines."""

import pytest
from flask import Flask

from hrdtracker.core.page import EPOCH, Cursor, ListPart
from hrdtracker.web.shell.paging import Paging, paging
from tests.web.browse import Browser, page_open

FAR = Cursor(EPOCH, 2**60).token()
BEFORE = Cursor(EPOCH, -(2**60)).token()


@pytest.mark.parametrize("token", [FAR, BEFORE])
def test_a_place_that_no_row_can_have_is_the_beginning_of_the_list(app: Flask, token: str) -> None:
    assert Cursor.read(token) is None
    assert Browser(app, "monitor").get(f"/incidents?page={token}").status_code == 200


@pytest.mark.parametrize("name", ["area", "type", "status", "province", "office", "owner"])
def test_a_filter_that_no_database_keeps_is_left_out(app: Flask, name: str) -> None:
    assert Browser(app, "monitor").get(f"/incidents?{name}=a%00b").status_code == 200


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("part", "pager"),
    [
        (ListPart(0, 0, 30), None),
        (ListPart(30, 0, 30), None),
        (ListPart(31, 0, 30), Paging("1 to 30 of 31", None, "/away?skip=30&kind=a")),
        (ListPart(31, 30, 30), Paging("31 to 31 of 31", "/away?skip=0&kind=a", None)),
        (
            ListPart(90, 30, 30),
            Paging("31 to 60 of 90", "/away?skip=0&kind=a", "/away?skip=60&kind=a"),
        ),
    ],
)
def test_a_pager_leads_to_the_parts_that_there_are(
    pages: Flask, part: ListPart, pager: Paging | None
) -> None:
    with page_open(pages):
        assert paging(part, "shell.away", kind="a") == pager
