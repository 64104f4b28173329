"""Public data sets go through the import: every row is accounted for, and no day is invented."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.actor import Channel, operator
from hrdtracker.accounts import terms
from hrdtracker.app import create_app
from hrdtracker.audit import chain
from hrdtracker.cases.model import Case, FollowUp
from hrdtracker.core.db import Entity, session, unit_of_work
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.when.model import When, local_ends
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import is_held
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.intake import service
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.mapping_file import read_mapping
from hrdtracker.intake.reading import RowReader, RowReading
from hrdtracker.intake.report import ImportReport
from hrdtracker.intake.service import Options
from hrdtracker.intake.sheet import read_sheet
from hrdtracker.people.model import Person
from hrdtracker.proceedings.articles import PROVISION
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.drafts.whole import told_by
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    Hearing,
    LegalTitle,
    Party,
    Proceeding,
)
from tests import make
from tests.conftest import close
from tests.spec.datasets import (
    CPJ,
    PRESS,
    PRISONERS_FILES,
    WITNESS,
    cells,
    path_of,
    provisions,
    readings,
    wholes,
)
from tests.spec.sheets import MAPPINGS, ZONE, Desk, all_terms, described, marker


def words_of(whole: WholeIncident | None) -> str:
    """Return every text that an incident keeps."""
    if whole is None:
        return ""
    draft = whole.draft
    texts = [draft.narrative, draft.place.words, draft.occurred.as_told]
    texts += [part for one in described(whole) for part in (one.remarks, *map(str, one.names))]
    texts += [one.words for one in whole.involved] + [one.remarks for one in whole.sources]
    return "\n".join(text for text in texts if text)


def words_of_court(reading: RowReading) -> str:
    """Return every text that is kept of custody and of the courts."""
    release = reading.whole and reading.whole.release
    dates = [reading.whole and reading.whole.draft.custody.arrived, release and release.ended]
    told = [when.as_told for when in dates if when]
    return "\n".join([*told, *(told_by(reading.court) if reading.court else ())])


def first_day(when: When) -> str | None:
    ends = local_ends(when)
    return ends[0].date().isoformat() if ends else None


def is_one_day(when: When) -> bool:
    ends = local_ends(when)
    return ends is not None and ends[1] - ends[0] <= timedelta(days=1)


# --- what the rows say ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "files", "rows"),
    [
        ("us-press-freedom-tracker", [f"{PRESS}-03"], 449),
        ("us-press-freedom-tracker", [f"{PRESS}-07"], 516),
        ("cpj", [CPJ], 1782),
        ("global-witness", [WITNESS], 1733),
        ("azerbaijan-prisoners", PRISONERS_FILES, 98),
    ],
)
def test_every_row_becomes_an_incident_of_its_own(
    mapping: str, files: list[str], rows: int
) -> None:
    found = wholes(mapping, *files)
    assert len(found) == rows
    assert len({whole.origin.id for whole in found}) == rows


def test_plain_days_of_the_press_tracker_are_those_days_and_inexact_ones_are_estimates() -> None:
    found = wholes("us-press-freedom-tracker", f"{PRESS}-07")
    rows = cells(f"{PRESS}-07")
    exact = [
        (first_day(whole.draft.occurred), row["date"])
        for whole, row in zip(found, rows, strict=True)
        if row["exact_date_unknown"] == "False"
    ]
    about = Counter(whole.draft.occurred.precision for whole in found)
    assert len(exact) == 496
    assert [day for day, _ in exact] == [told for _, told in exact]
    assert about == {"day": 496, "about": 20}


def test_arrests_charges_releases_and_perpetrators_of_the_press_tracker_are_facts() -> None:
    found = wholes("us-press-freedom-tracker", f"{PRESS}-07")
    rows = cells(f"{PRESS}-07")
    kinds = Counter(kind for whole in found for kind in (whole.draft.type, *whole.more_types))
    arrests = sum("Arrest / Criminal Charge" in row["categories"] for row in rows)
    charged = sum(
        row["status_of_charges"] in {"charges pending", "charges dropped", "acquitted"}
        or "Leak Case" in row["categories"]
        for row in rows
    )
    assert kinds["arrest"] == arrests == 80
    assert kinds["charge"] == charged
    assert kinds["conviction"] == 4
    assert sum(whole.status_at_end == "released" for whole in found) == 65 + 13
    assert sum(whole.draft.custody.arrived is not None for whole in found) == 16
    assert sum(whole.release is not None for whole in found) == 21
    police = [any(one.words == "law enforcement" for one in whole.involved) for whole in found]
    assert police == ["law enforcement" in {row["actor"], row["assailant"]} for row in rows]
    assert sum(police) == 89


def test_several_people_in_a_cell_of_the_press_tracker_each_have_their_paper() -> None:
    found = wholes("us-press-freedom-tracker", f"{PRESS}-07")
    rows = cells(f"{PRESS}-07")
    expected = sum(
        row["targeted_journalists"].count("), ") + 1
        for row in rows
        if row["targeted_journalists"].endswith(")")
        and row["targeted_journalists"].count("(") == row["targeted_journalists"].count("), ") + 1
    )
    with_paper = [
        one
        for whole, row in zip(found, rows, strict=True)
        for one in described(whole)
        if row["targeted_journalists"].endswith(")")
        and row["targeted_journalists"].count("(") == row["targeted_journalists"].count("), ") + 1
        and one.unit == "person"
    ]
    assert len(with_paper) == expected > 250
    assert all(one.remarks for one in with_paper)


def test_stories_of_the_press_tracker_are_words_and_no_html() -> None:
    found = wholes("us-press-freedom-tracker", f"{PRESS}-07")
    texts = [whole.draft.narrative or "" for whole in found]
    assert not any("<div" in text or "<p" in text or "&nbsp;" in text for text in texts)
    assert sum(len(text) > 500 for text in texts) > 450


def test_nothing_that_a_row_of_the_press_tracker_says_is_lost() -> None:
    found = readings("us-press-freedom-tracker", f"{PRESS}-07")
    kept = [words_of(reading.whole) + words_of_court(reading) for reading in found]
    columns = [*("detention_date", "release_date", "current_charges", "dropped_charges")]
    columns += [*("city", "tags", "actor", "assailant", "venue", "lawsuit_name", "slug", "links")]
    lost = [
        (column, place)
        for place, row in enumerate(cells(f"{PRESS}-07"))
        for column in columns
        for words in (row[column].split(", ") if "charges" in column else [row[column]])
        if words != "None" and words.strip() not in kept[place]
    ]
    assert lost == []


def test_journalists_killed_are_dated_as_their_list_says() -> None:
    found = Counter(whole.draft.occurred.precision for whole in wholes("cpj", CPJ))
    assert found == {"day": 1738, "month": 32, "year": 2, "about": 1, "unknown": 9}


def test_what_the_list_of_journalists_says_of_captivity_and_torture_are_violations() -> None:
    found = Counter(kind for whole in wholes("cpj", CPJ) for kind in whole.more_types)
    assert found == {"abduction": 190, "threat": 322, "torture": 99}


def test_sex_and_country_of_journalists_are_as_told() -> None:
    found = wholes("cpj", CPJ)
    assert Counter(described(whole)[0].sex for whole in found) == {"M": 1136, "F": 80, None: 566}
    places = [whole.draft.place for whole in found]
    assert Counter(place.kind for place in places) == {
        "abroad": 1738,
        "unknown": 32,
        "cambodia": 12,
    }
    words = {place.words for place in places if place.kind == "unknown"}
    assert words == {"Yugoslavia", "Israel and the Occupied Palestinian Territory", None}


def test_land_defenders_have_their_day_age_country_and_perpetrator() -> None:
    found = wholes("global-witness", WITNESS)
    rows = cells(WITNESS)
    assert [first_day(whole.draft.occurred) for whole in found] == [row["date"] for row in rows]
    assert all(is_one_day(whole.draft.occurred) for whole in found)
    aged = sum(row["age"] != "" for row in rows)
    assert sum(described(whole)[0].age is not None for whole in found) == aged - 1 == 1004
    assert sum(whole.draft.place.kind == "cambodia" for whole in found) == 10
    assert Counter(whole.draft.place.province for whole in found if whole.draft.place.province) == {
        "07": 1,
        "13": 2,
    }
    assert all(len(whole.involved) == 1 for whole in found)


@pytest.mark.parametrize(
    "name", ["test", "arrangeThesauriTest", "zip_import", "zip_languages_import"]
)
def test_messy_samples_of_a_peer_lose_no_row_and_no_cell(tmp_path: Path, name: str) -> None:
    sheet = read_sheet(path_of(f"uwazi-csv/{name}"))
    mapping = Desk(tmp_path).mapping('type = { default = "other" }\nwhen = "no such"\n')
    with pytest.raises(Exception, match="no column"):
        Sheets(mapping, sheet, {})
    mapping = Desk(tmp_path).mapping(
        f'type = {{ default = "other" }}\nwhen = "{sheet.columns[-1]}"\n'
    )
    reader = RowReader(mapping, Sheets(mapping, sheet, {}), Codebook(all_terms()), marker(), ZONE)
    rows = list(sheet.rows())
    kept = [words_of(reader.read(row).whole) for row in rows]
    assert len(kept) == sheet.size
    lost = [
        text
        for row, whole in zip(rows, kept, strict=True)
        for text in row.cells.values()
        if text.strip() not in whole
    ]
    assert lost == []


# --- in a database --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scratch(
    template: tuple[Settings, object], tmp_path_factory: pytest.TempPathFactory, root: RootKey
) -> Iterator[Flask]:
    """Return an application on one database into which all data sets go."""
    folder = tmp_path_factory.mktemp("datasets")
    made = template[0].instance / "hrdtracker.db"
    (folder / "hrdtracker.db").write_bytes(made.read_bytes())
    app = create_app(Settings(instance=folder), root)
    yield app
    with app.app_context():
        close(app)


def take(app: Flask, mapping: str, *files: str) -> ImportReport:
    """Take a data set in, as a monitor."""
    read = read_mapping(MAPPINGS / f"{mapping}.toml")
    sheets = [read_sheet(path_of(name)) for name in files]
    others = {Path(sheet.name).stem: sheet for sheet in sheets}
    with app.app_context(), unit_of_work(make.open_session(app)):
        machine = operator(make.organisation().id)
        terms.add_from_file(machine, make.organisation(), PROVISION, provisions())
    with app.app_context(), unit_of_work(make.open_session(app)):
        actor = make.actor("monitor", Channel.IMPORT)
        how = Options(service.office_named(actor, None))
        *_, report = service.take_in(actor, read, sheets[0], others, how)
    return report


def figures(report: ImportReport) -> tuple[int, ...]:
    """Return how many rows were created, updated, unchanged, kept and rejected."""
    found = report.counts
    return (found.created, found.updated, found.unchanged, found.kept, found.rejected)


def count(model: type[Entity]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


OF_PRISONERS: dict[type[Entity], int] = {
    **dict.fromkeys((Incident, Case, Person, Stay, Proceeding, Party), 98),
    Violation: 196,
    Charge: 311,
    ChargeOutcome: 311,
    Hearing: 109,
    LegalTitle: 0,
    FollowUp: 0,
}


@pytest.mark.engines("sqlite")
def test_prisoners_are_taken_in_with_all_that_hangs_on_them(scratch: Flask) -> None:
    assert figures(take(scratch, "azerbaijan-prisoners", *PRISONERS_FILES)) == (98, 0, 0, 0, 0)
    assert figures(take(scratch, "azerbaijan-prisoners", *PRISONERS_FILES)) == (0, 0, 98, 0, 0)
    with scratch.app_context(), unit_of_work(make.open_session(scratch)):
        found = {model: count(model) for model in OF_PRISONERS}
        held = session().scalar(select(func.count()).select_from(Stay).where(is_held(Stay)))
        clocks = session().scalar(select(func.count()).select_from(Clock))
    assert found == OF_PRISONERS
    assert (held, clocks) == (98, 0), "the law of one country counts for nobody in another"


@pytest.mark.deep
@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("mapping", "file", "first", "again"),
    [
        ("us-press-freedom-tracker", f"{PRESS}-03", (449, 0, 0, 0, 0), (0, 0, 449, 0, 0)),
        ("us-press-freedom-tracker", f"{PRESS}-07", (67, 102, 264, 83, 0), (0, 0, 394, 122, 0)),
        ("global-witness", WITNESS, (1733, 0, 0, 0, 0), (0, 0, 1733, 0, 0)),
        ("cpj", CPJ, (1782, 0, 0, 0, 0), (0, 0, 1782, 0, 0)),
    ],
)
def test_whole_data_sets_are_taken_in_twice_and_each_row_is_accounted_for(
    scratch: Flask, mapping: str, file: str, first: tuple[int, ...], again: tuple[int, ...]
) -> None:
    assert figures(take(scratch, mapping, file)) == first
    assert figures(take(scratch, mapping, file)) == again
    with scratch.app_context(), unit_of_work(make.open_session(scratch)):
        assert chain.verify().holds
