# ruff: noqa: RUF001 - letters that look alike are what this is about
"""Letters are told apart, or nothing is written and the first lines show what they may be."""

from pathlib import Path

import pytest

from hrdtracker.intake.sheet import Layout, Sheet, SheetUnusable, read_sheet

RUSSIAN = "Имя,Дата,Описание\nИванов Пётр,12 марта 2024,Задержан у здания суда\nСмирнова,,Обыск\n"
UKRAINIAN = "Ім'я,Дата\nШевченко Тарас,12 березня\nЇжак,Її було затримано\n"
FRENCH = "Nom,Récit\nDembélé François,Arrêté près du tribunal à l’aube\nLefèvre,Menacé\n"
SPANISH = "Nombre,Fecha\nJosé Muñoz,12 de marzo\nAsunción Peña,1 de abril\n"
GERMAN = "Name,Ort\nJürgen Müller,Köln\nGroß,Straße\n"
POLISH = "Nazwisko,Opis\nŁukasz Świątek,Zatrzymany przed sądem w Łodzi\n"
TURKISH = "Ad,Olay\nŞükrü Işık,Gözaltına alındı\nÇiğdem Öztürk,Dövüldü\n"
GREEK = "Όνομα,Τι\nΓιώργος Παππάς,Συνελήφθη από την αστυνομία\n"
ARABIC = "الاسم,ماذا\nمحمد أحمد,تم اعتقاله من قبل الشرطة\n"
THAI = "ชื่อ,เรื่อง\nสมชาย ใจดี,ถูกจับที่หน้าศาล\nสมหญิง,ถูกเรียกสอบปากคำ\n"
KHMER = "ឈ្មោះ,រឿង\nសុខ ដារ៉ា,ត្រូវបានចាប់ខ្លួន\n"
CHINESE = "姓名,日期\n张三,2024年3月12日\n"
ENGLISH = "Name,Story\nDembélé,Arrested “at dawn” – released\nSok Dara,It’s so\n"
MOSTLY_ENGLISH = "Name,Story\n" + "Sok Dara,Arrested at dawn and released\n" * 400


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (text, code)
            for text in (KHMER, RUSSIAN, FRENCH, THAI)
            for code in ("utf-8", "utf-8-sig")
        ),
        *((text, code) for text in (KHMER, RUSSIAN, ENGLISH) for code in ("utf-16",)),
        *((text, code) for text in (KHMER, FRENCH, RUSSIAN) for code in ("utf-16-le", "utf-16-be")),
        *((text, "cp1251") for text in (RUSSIAN, UKRAINIAN, "Имя\nИванов\n")),
        (MOSTLY_ENGLISH + RUSSIAN, "cp1251"),
        *((text, "cp1252") for text in (FRENCH, SPANISH, GERMAN, ENGLISH)),
        *(
            (text, "cp1252")
            for text in ("Name,x\nJosé,1\n", "a,b\n“One said”, it’s so – here\n", "a\nx • y\n")
        ),
        (MOSTLY_ENGLISH + "Dembélé,x\n", "cp1252"),
        (THAI, "cp874"),
        *((POLISH, code) for code in ("cp1250", "iso8859-2")),
        (TURKISH, "cp1254"),
        (GREEK, "cp1253"),
        (ARABIC, "cp1256"),
        (RUSSIAN, "iso8859-5"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (CHINESE, "gb18030"),
        (FRENCH.replace("’", "'"), "mac-roman"),
    ],
)
def test_letters_are_read_as_they_were_written(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    sheet = read_sheet(path)
    assert "".join(_text(sheet).splitlines()) == "".join(text.splitlines())
    assert bool(sheet.remarks) == (not encoding.startswith("utf"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("ИМЯ,ДАТА\nИВАНОВ,12\n", "cp1251"),
        ("Name,Date,Place\nSok,2024-01-01,กรุง\n", "cp874"),
        ("Name,x\nDembélé,“so” – it’s\n", "mac-roman"),
    ],
)
def test_where_it_is_not_sure_the_first_lines_are_shown_and_an_encoding_is_asked_for(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(SheetUnusable) as refused:
        read_sheet(path)
    sentence = str(refused.value.reason)
    assert "--encoding" in sentence
    assert f"{encoding}:\n" in sentence
    assert text.splitlines()[1] in sentence
    assert _text(_read(path, encoding)) == text


def _text(sheet: Sheet) -> str:
    with sheet.lines() as lines:
        return lines.read()


def _read(path: Path, encoding: str) -> Sheet:
    return read_sheet(path, Layout(encoding=encoding))


@pytest.mark.parametrize("text", [FRENCH, KHMER, RUSSIAN])
@pytest.mark.parametrize("stray", ["It’s so\n".encode("cp1252"), "é\n".encode()[:1], b"\xff\n"])
def test_a_line_of_other_letters_turns_no_file_into_other_letters(
    tmp_path: Path, text: str, stray: bytes
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode() + stray)
    with pytest.raises(SheetUnusable) as refused:
        read_sheet(path)
    assert f"line {text.count(chr(10)) + 1} is not" in str(refused.value.reason)
