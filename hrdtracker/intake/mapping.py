"""Which column of a sheet is what here: a mapping, as its file says it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from hrdtracker.people.model import CountingUnit

Columns = tuple[str, ...]
"""Names of columns. Where one value is wanted, the first that says something counts."""


LIST = "codelist"


INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF, 0xAD))
"""Characters without a width that come along when text is copied; Khmer parts words with one."""


def visible(text: str) -> str:
    """Return a text without what nobody sees."""
    return text if text.isascii() else text.translate(INVISIBLE)


def folded(word: str) -> str:
    """Return a word as words are compared: without case, needless space and what is not seen."""
    return " ".join(visible(word).split()).casefold()


@dataclass(frozen=True)
class Coded:
    """Words of a sheet as codes of one of our lists.

    A word is looked up in `values`; then it may be a code or a label of the list. "" in `values`
    says nothing. What is found nowhere becomes `default`, if there is one. `separator` parts
    several words in a cell. `always` is added to every row.
    """

    column: Columns = ()
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    separator: str = ""
    default: str = ""
    always: Columns = ()

    def codes(self) -> set[str]:
        """Return every code that the mapping names."""
        return {*self.values.values(), self.default, *self.always} - {""}


@dataclass(frozen=True)
class Also(Coded):
    """A column that tells of a further violation: which one its words say, or always `code`.

    `code` is meant where the column says anything but “no”, or that nobody knows; with `more_than`
    or `less_than`, such a number.
    """

    code: str = ""
    more_than: int | None = None
    less_than: int | None = None

    @property
    def compares(self) -> bool:
        """Whether it asks for a number."""
        return self.more_than is not None or self.less_than is not None

    def holds(self, number: float) -> bool:
        """Tell whether a number is one that is asked for."""
        above = self.more_than is None or number > self.more_than
        return above and (self.less_than is None or number < self.less_than)

    def codes(self) -> set[str]:
        """Return every code that the mapping names."""
        return super().codes() | ({self.code} - {""})


def of_list(codelist: str) -> Mapping[str, str]:
    """Say of a field of a mapping which list its codes are of."""
    return {LIST: codelist}


def coded_values(part: Any) -> Iterator[tuple[str, Any]]:
    """Yield everything in a part of a mapping that names codes, with the list that they are of."""
    for declared in fields(part):
        given = getattr(part, declared.name)
        for value in given if isinstance(given, tuple) else (given,):
            if LIST in declared.metadata:
                yield declared.metadata[LIST], value
            elif is_dataclass(value):
                yield from coded_values(value)


@dataclass(frozen=True)
class Flag:
    """A column that makes a date an estimate where it says this word: about it, or `within`.

    `within` is "month" or "year": it was some day of those of the date.
    """

    column: Columns
    says: str = "true"
    within: str = ""


@dataclass(frozen=True)
class Dates:
    """A date in one column, from one column until another, or in columns of its parts.

    `formats` are tried first, as strptime knows them. Where `about` holds, it is an estimate.
    """

    column: Columns = ()
    until: Columns = ()
    year: Columns = ()
    month: Columns = ()
    day: Columns = ()
    formats: Columns = ()
    about: Flag | None = None

    def columns(self) -> Columns:
        """Return the columns that the date is read from."""
        return (*self.column, *self.until, *self.year, *self.month, *self.day)


@dataclass(frozen=True)
class Coordinates:
    """Where exactly, in one column (latitude, longitude) or two; kept only to so many `decimals`.

    Two decimals are about a kilometre, three a hundred metres.
    """

    column: Columns = ()
    latitude: Columns = ()
    longitude: Columns = ()
    decimals: int = 2


@dataclass(frozen=True)
class Places:
    """Where it happened: names or codes for the lists, and columns that are kept as words."""

    country: Coded = field(default=Coded(), metadata=of_list("country"))
    province: Columns = ()
    district: Columns = ()
    commune: Columns = ()
    words: Columns = ()
    village: Columns = ()
    platform: Coded = field(default=Coded(), metadata=of_list("platform"))
    account: Columns = ()
    link: Columns = ()
    coordinates: Coordinates = Coordinates()


@dataclass(frozen=True)
class People:
    """Victims in one column, or only counted in one, with what other columns say of them.

    `brackets` says what stands in brackets after a name: an organisation, another name, or a part
    of the name. `unnamed` are words for somebody without a name; `skip` is a pattern of what is
    no victim, and what stands in a column of `but` is none either. `count` is how many they are,
    and `families` how many families these people are of.
    """

    column: Columns = ()
    separator: str = ""
    brackets: str = ""
    unit: CountingUnit = CountingUnit.PERSON
    unnamed: Columns = ()
    skip: str = ""
    but: Columns = ()
    sex: Columns = ()
    age: Columns = ()
    birth: Dates = Dates()
    other_names: Columns = ()
    phone: Columns = ()
    organisation: Columns = ()
    remarks: Columns = ()
    category: Coded = field(default=Coded(), metadata=of_list("defender_category"))
    interpreter_language: Coded = field(default=Coded(), metadata=of_list("language"))
    count: Columns = ()
    families: Columns = ()


@dataclass(frozen=True)
class CustodyColumns:
    """Where somebody is held, since when and until when, for violations of these `types`.

    Without `types` it is of all. `released` says until when; `end` says how that ended, and
    “released” unless it does. `known_by` is how we know of it.
    """

    arrived: Dates = Dates()
    place: Columns = ()
    prison: Coded = field(default=Coded(), metadata=of_list("prison"))
    released: Dates = Dates()
    end: Coded = field(default=Coded(), metadata=of_list("stay_end"))
    known_by: str = field(default="", metadata=of_list("how_known"))
    types: Columns = field(default=(), metadata=of_list("incident_type"))


@dataclass(frozen=True)
class Perpetrators:
    """Who is alleged to have done it: words of a column as types; a body or unit, and a name."""

    type: Coded = field(default=Coded(), metadata=of_list("perpetrator_type"))
    body: Columns = ()
    name: Columns = ()
    degree: str = field(default="", metadata=of_list("degree_of_involvement"))
    certainty: str = field(default="", metadata=of_list("certainty"))


@dataclass(frozen=True)
class Sources:
    """How we know: codes that are the same for every row, and columns kept as sealed remarks."""

    connection: str = field(metadata=of_list("source_connection"))
    reliability: str = field(default="", metadata=of_list("source_reliability"))
    material: str = field(default="", metadata=of_list("source_material"))
    remarks: Columns = ()


@dataclass(frozen=True)
class Later:
    """A day that came later in the same matter, kept as a follow-up: a hearing, a release.

    With `file` there is one for each row of that joined file.
    """

    date: Dates
    kind: str = field(default="other", metadata=of_list("follow_up_kind"))
    words: str = ""
    note: Columns = ()
    file: str = ""


@dataclass(frozen=True)
class ProceedingColumns:
    """The case before the courts against the one person of a row, and as what they stand in it.

    `known_by` is how we know of it, and of the charges, titles and hearings of the row.
    """

    stage: Coded = field(default=Coded(), metadata=of_list("proceeding_stage"))
    court: Coded = field(default=Coded(), metadata=of_list("court"))
    court_number: Columns = ()
    prosecutor: Columns = ()
    judges: Columns = ()
    note: Columns = ()
    role: str = field(default="accused", metadata=of_list("party_role"))
    known_by: str = field(default="", metadata=of_list("how_known"))


@dataclass(frozen=True)
class Law:
    """A law, as the list of articles names it; meant only where `column` holds the words `says`."""

    name: str
    column: Columns = ()
    says: str = ""


@dataclass(frozen=True)
class ChargeColumns:
    """A charge, or several in a cell: by the article of one of the laws, else in words.

    `outcome` is what became of it, `decided` when; with `file` there is one for each row of that
    joined file.
    """

    article: Columns = ()
    law: tuple[Law, ...] = ()
    words: Columns = ()
    separator: str = ""
    charged: Dates = Dates()
    charged_by: str = field(default="", metadata=of_list("deciding_body"))
    alleged: Dates = Dates()
    outcome: Coded = field(default=Coded(), metadata=of_list("charge_outcome"))
    decided: Dates = Dates()
    decided_by: str = field(default="", metadata=of_list("deciding_body"))
    note: Columns = ()
    file: str = ""


@dataclass(frozen=True)
class TitleColumns:
    """On what ground somebody is held, from when and until when."""

    kind: Coded = field(metadata=of_list("legal_title"))
    began: Dates = Dates()
    ended: Dates = Dates()
    note: Columns = ()
    file: str = ""


@dataclass(frozen=True)
class HearingColumns:
    """A day in court. Of one that is past nobody knows whether it was held, unless `status` says.

    With `file` there is one for each row of that joined file.
    """

    starts: Dates
    kind: Coded = field(default=Coded(), metadata=of_list("hearing_kind"))
    court: Coded = field(default=Coded(), metadata=of_list("court"))
    status: Coded = field(default=Coded(), metadata=of_list("hearing_status"))
    room: Columns = ()
    judge: Columns = ()
    note: Columns = ()
    file: str = ""


CourtColumns = ChargeColumns | TitleColumns | HearingColumns


@dataclass(frozen=True)
class Join:
    """Another file whose `key` names a row of the sheet by `on`.

    Its rows stand there in one more column, “FILE.csv”, a line for each with these `columns`.
    """

    file: str
    key: str
    on: str
    columns: Columns


@dataclass(frozen=True)
class MappingFile:
    """All that a mapping says. `id` are the columns that name a row for good; none: all of it."""

    source: str
    type: Coded = field(metadata=of_list("incident_type"))
    when: Dates
    id: Columns = ()
    case: Columns = ()
    title: str = ""
    zone: str = ""
    as_of: date | None = None
    language: str = field(default="", metadata=of_list("language"))
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading: int = 0
    empty: Columns = ()
    html: Columns = ()
    ignore: Columns = ()
    narrative: Columns = ()
    tie: Columns = ()
    place: Places = Places()
    also: tuple[Also, ...] = field(default=(), metadata=of_list("incident_type"))
    victims: tuple[People, ...] = ()
    status: Coded = field(default=Coded(), metadata=of_list("victim_status"))
    held: CustodyColumns = CustodyColumns()
    perpetrators: tuple[Perpetrators, ...] = ()
    areas: Coded = field(default=Coded(), metadata=of_list("thematic_area"))
    known_from: Sources | None = None
    later: tuple[Later, ...] = ()
    proceeding: ProceedingColumns = ProceedingColumns()
    charges: tuple[ChargeColumns, ...] = ()
    titles: tuple[TitleColumns, ...] = ()
    hearings: tuple[HearingColumns, ...] = ()
    join: tuple[Join, ...] = ()

    @property
    def of_courts(self) -> tuple[CourtColumns, ...]:
        """Return every part that tells what the courts did."""
        return (*self.charges, *self.titles, *self.hearings)
