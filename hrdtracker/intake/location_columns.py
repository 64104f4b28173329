"""Where it happened: names and codes of a row’s columns, and its words."""

from functools import lru_cache

from hrdtracker.core.errors import N_
from hrdtracker.incidents.drafts import WORDS_MOST, Location
from hrdtracker.incidents.gazetteer import read_place
from hrdtracker.incidents.model import PlaceKind
from hrdtracker.intake.cells import TOO_LONG, Cells
from hrdtracker.intake.codes import Codebook, UnknownWord
from hrdtracker.intake.coordinates import coarse
from hrdtracker.intake.mapping import Columns, Coordinates, Places

HERE = "kh"
LEVELS = ("province", "district", "commune")
NO_COORDINATES = N_("These are no coordinates in degrees: kept with the narrative.")
NOT_FOUND = N_("No such place in the gazetteer: kept as words.")


def read_place_of(cells: Cells, places: Places, codes: Codebook) -> Location:
    """Return the place of a row; what no list knows is kept in the words of the place."""
    country = next((reading.code for reading in codes.read(cells, places.country, "country")), None)
    platform = next(
        (reading.code for reading in codes.read(cells, places.platform, "platform")), None
    )
    is_told = bool(cells.first(places.country.column)[1])
    may_be_here = country == HERE or not (country or is_told)
    province, district, commune = _below(cells, places, codes) if may_be_here else NONE
    words = _words(cells, places, () if country else places.country.column)
    near = _near(cells, places.coordinates)
    if near and len(words or "") + len(near) < WORDS_MOST:
        words = f"{words}, {near}" if words else near
    if platform:
        kind = PlaceKind.ONLINE
    elif country == HERE or province:
        kind = PlaceKind.CAMBODIA
    elif country:
        kind = PlaceKind.ABROAD
    else:
        kind = PlaceKind.UNKNOWN
    return Location(
        kind,
        province,
        district,
        commune,
        country=country if kind == PlaceKind.ABROAD else None,
        platform=platform,
        words=words,
        village=cells.short(places.village, WORDS_MOST),
        account=cells.short(places.account, WORDS_MOST),
        link=cells.short(places.link, WORDS_MOST),
    )


def _near(cells: Cells, columns: Coordinates) -> str:
    """Return the coordinates of a place as coarsely as the mapping wants them kept."""
    halves = (columns.latitude, columns.longitude) if columns.latitude else (columns.column,)
    named = [cells.first(half) for half in halves]
    near = coarse("; ".join(text for _, text in named), columns.decimals)
    if near:
        cells.use(*(column for column, _ in named))
    elif any(text for _, text in named):
        cells.doubt(named[0][0], NO_COORDINATES)
    return near


NONE: tuple[None, None, None] = (None, None, None)


def _below(
    cells: Cells, places: Places, codes: Codebook
) -> tuple[str | None, str | None, str | None]:
    """Return province, district and commune, by their codes or by names in either script."""
    named = [cells.first(columns) for columns in (places.province, places.district, places.commune)]
    if not any(text for _, text in named):
        return NONE
    texts = tuple(
        _label(codes, codelist, text) for codelist, (_, text) in zip(LEVELS, named, strict=True)
    )
    location = _look_up(texts)
    for codelist, (column, text), code in zip(LEVELS, named, location, strict=True):
        if text and code is None:
            cells.doubt(column, NOT_FOUND)
            codes.unknown[UnknownWord(column, codelist, text)] += 1
    return location


def _label(codes: Codebook, codelist: str, text: str) -> str:
    """Return the name of a place that may be given by its code."""
    return codes.label(codelist, text) if text.isascii() and text.isdigit() else text


@lru_cache(maxsize=4096)
def _look_up(texts: tuple[str, ...]) -> tuple[str | None, str | None, str | None]:
    place = read_place(", ".join(text for text in reversed(texts) if text))
    return place.province, place.district, place.commune


def _words(cells: Cells, places: Places, country: Columns) -> str | None:
    """Return the words of the place, from the nearest to the widest."""
    columns = (*places.words, *places.commune, *places.district, *places.province, *country)
    words_said = cells.every(columns)
    words = ", ".join(dict.fromkeys(text for _, text in words_said))
    if len(words) > WORDS_MOST:
        cells.doubt(words_said[0][0], TOO_LONG)
        return None
    cells.use(*(column for column, _ in words_said))
    return words or None
