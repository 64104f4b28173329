"""Identity and narrative never lie open: not in the files, not behind the database's key."""

import base64
import shutil
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core import keyfile
from hrdtracker.core.db import session
from hrdtracker.core.seal import (
    Compartment,
    DataKeyWrap,
    KeyMissing,
    Keyring,
    SealBroken,
    SealedRow,
    Vault,
    ring,
    sealed_attributes,
)
from hrdtracker.people.model import PersonName
from hrdtracker.tables import MODELS
from tests.security.dump import everything
from tests.security.rows import BORN, MARK
from tests.security.world import home

pytestmark = pytest.mark.usefixtures("world_unit")
SEALED: list[type[SealedRow]] = [model for model in MODELS if sealed_attributes(model)]
LEAST_CANARIES = 2000
PAIRS = 50
Cell = tuple[int, bytes, bytes]
"""The number of a key, a place and a ciphertext."""


def _traces(text: str) -> Iterator[bytes]:
    """Yield what would be found of a text, however it was written down."""
    for raw in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for offset in range(3):  # where the text begins among the groups of three bytes
            whole = base64.b64encode(b"\0" * offset + raw)
            inner = whole[4 * bool(offset) : len(whole) // 4 * 4 - 4]
            yield inner
            yield inner.translate(bytes.maketrans(b"+/", b"-_"))


TRACES = frozenset([*_traces(MARK), *_traces(BORN)])


def _found(content: bytes) -> list[bytes]:
    return [trace for trace in TRACES if trace in content]


def _rows(model: type[SealedRow]) -> list[Any]:
    rows = list(session().scalars(select(model)))
    ring().load({row.data_key_id for row in rows})
    return rows


def _cells() -> Iterator[Cell]:
    """Yield sealed cells of every kind, some of them of one row, some of one key."""
    for model in SEALED:
        for row in _rows(model)[:3]:
            for column, sealed in sealed_attributes(model).items():
                if getattr(row, column) is not None:
                    yield row.data_key_id, sealed._place(row), getattr(row, column)


def test_the_search_finds_a_text_however_it_is_written_down() -> None:
    told = f"before {MARK} after"
    for written in (
        told.encode(),
        told.encode("utf-16-le"),
        told.encode().hex().encode(),
        base64.b64encode(told.encode()),
        base64.b64encode(b"x" + told.encode()),
        base64.urlsafe_b64encode(b"xx" + told.encode()),
        base64.b64encode(told.encode("utf-16-be")),
    ):
        assert _found(written), written
    assert not _found(b"nothing of the kind")


def test_every_sealed_column_holds_a_canary_that_its_key_opens() -> None:
    canaries = 0
    for model in SEALED:
        held = {sealed.name: 0 for sealed in sealed_attributes(model).values()}
        for row in _rows(model):
            for name in held:
                text = getattr(row, name) or ""
                held[name] += text.startswith(MARK) or text.endswith(BORN)
        canaries += sum(held.values())
        assert all(held.values()) or model.__tablename__ == "case_file", (model, held)
    assert canaries >= LEAST_CANARIES


@pytest.mark.engines("sqlite")
def test_no_canary_is_in_the_data_folder_copied_while_it_is_open(
    world_app: Flask, tmp_path: Path
) -> None:
    with authorised(operator(home().id), Action.ORGANISATION_SET_UP, on=None):
        name = session().scalars(select(PersonName).limit(1)).one()
        ring().load([name.data_key_id])
        name.name = f"{MARK} written this moment"
    folder = Path(world_app.extensions["sqlalchemy"].engine.url.database).parent
    shutil.copytree(folder, tmp_path / "seized")
    files = [path for path in (tmp_path / "seized").rglob("*") if path.is_file()]
    assert {"hrdtracker.db", "hrdtracker.db-wal"} <= {path.name for path in files}
    assert sum(path.stat().st_size for path in files) > 10**6
    for path in files:
        content = path.read_bytes()
        assert not _found(content), path
        assert b"CREATE TABLE" not in content, path
        assert b"monitor" not in content, path


@pytest.mark.engines("sqlite")
def test_the_file_does_not_open_with_another_key(world_app: Flask, tmp_path: Path) -> None:
    path = world_app.extensions["sqlalchemy"].engine.url.database
    shutil.copy(path, tmp_path / "seized.db")
    for key in (None, Vault(keyfile.RootKey(b"\x08" * 32, demo=True)).derive("database").hex()):
        connection = sqlcipher.connect(str(tmp_path / "seized.db"))
        if key:
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
        with pytest.raises(sqlcipher.DatabaseError):
            connection.execute("SELECT count(*) FROM sqlite_master")
        connection.close()


def test_whoever_reads_the_tables_reads_no_identity_and_no_narrative() -> None:
    cells = list(everything(session().connection()))
    assert len(cells) > 20_000
    assert [cell for cell in cells if _found(cell)] == []
    assert any(b"monitor" in cell for cell in cells), "what is plain is read"


def test_the_trail_holds_what_was_sealed_only_sealed() -> None:
    payloads = list(session().scalars(select(AuditEntry.payload)))
    assert sum(payload.count(b'{"sealed":') for payload in payloads) >= LEAST_CANARIES
    assert [payload for payload in payloads if _found(payload)] == []


def test_a_ciphertext_moved_to_another_cell_never_opens() -> None:
    cells = list(_cells())
    sample = cells[:: max(1, len(cells) // PAIRS)]
    tried = 0
    for (_, _, moved), (key, place, _) in permutations(sample, 2):
        with pytest.raises(SealBroken):
            ring().unseal(key, place, moved)
        tried += 1
    assert tried >= 2000


def test_a_ciphertext_moved_between_rows_with_one_key_never_opens() -> None:
    by_key: dict[int, list[Cell]] = {}
    for cell in _cells():
        by_key.setdefault(cell[0], []).append(cell)
    pairs = [pair for cells in by_key.values() for pair in permutations(cells[:6], 2)]
    assert len(pairs) > 100
    for (_, _, moved), (key, place, _) in pairs:
        with pytest.raises(SealBroken):
            ring().unseal(key, place, moved)


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_ciphertext_of_which_one_byte_changed_does_not_open(place: int) -> None:
    key, where, sealed = next(_cells())
    changed = bytearray(sealed)
    changed[place % len(changed)] ^= 1
    with pytest.raises(SealBroken):
        ring().unseal(key, where, bytes(changed))


def test_a_ciphertext_tells_a_length_only_in_steps_of_32_bytes() -> None:
    key, place, _ = next(_cells())
    lengths = {len(ring().seal(key, place, "x" * number)) for number in range(200)}
    assert len({length % 32 for length in lengths}) == 1
    assert len(lengths) == 7


def test_a_text_sealed_twice_looks_different_each_time() -> None:
    key, place, _ = next(_cells())
    assert len({ring().seal(key, place, "the same") for _ in range(50)}) == 50


def test_an_equal_text_is_not_sealed_again_and_leaves_nothing_on_the_trail() -> None:
    with authorised(operator(home().id), Action.ORGANISATION_SET_UP, on=None) as signature:
        name = session().scalars(select(PersonName).limit(1)).one()
        ring().load([name.data_key_id])
        before = PersonName.name.ciphertext(name)
        name.name = str(name.name)
        assert PersonName.name.ciphertext(name) == before
        session().flush()
        assert signature.changes == []


def test_a_key_that_the_page_did_not_load_is_missed_and_not_guessed() -> None:
    name = session().scalars(select(PersonName).limit(1)).one()
    session().info["ring"] = Keyring(session().info["vault"])
    with pytest.raises(KeyMissing):
        _ = name.name
    with pytest.raises(KeyMissing):
        name.name = "Somebody else"
    session().rollback()


def test_a_compartment_does_not_unwrap_the_keys_of_another() -> None:
    wraps = list(session().scalars(select(DataKeyWrap).limit(20)))
    others = dict(session().execute(select(Compartment.id, Compartment.uid)).all())
    mine = Keyring(session().info["vault"])
    for wrap in wraps:
        foreign = next(uid for number, uid in others.items() if number != wrap.compartment_id)
        with pytest.raises(InvalidTag):
            mine.accept(wrap.data_key_id, foreign, wrap.kek_version, wrap.wrapped)


def test_a_wrapped_key_does_not_pass_for_another_key() -> None:
    one, other = list(session().scalars(select(DataKeyWrap).limit(2)))
    compartment = session().get_one(Compartment, one.compartment_id)
    mine = Keyring(session().info["vault"])
    with pytest.raises(InvalidTag):
        mine.accept(other.data_key_id, compartment.uid, one.kek_version, one.wrapped)


def test_another_root_key_unwraps_nothing() -> None:
    wrap = session().scalars(select(DataKeyWrap).limit(1)).one()
    compartment = session().get_one(Compartment, wrap.compartment_id)
    stranger = Keyring(Vault(keyfile.RootKey(b"\x08" * 32, demo=True)))
    with pytest.raises(InvalidTag):
        stranger.accept(wrap.data_key_id, compartment.uid, wrap.kek_version, wrap.wrapped)


def test_destroying_the_wraps_of_a_key_erases_what_it_locked() -> None:
    name = session().scalars(select(PersonName).limit(1)).one()
    ring().load([name.data_key_id])
    assert (name.name or "").startswith(MARK)
    query = select(DataKeyWrap).where(DataKeyWrap.data_key_id == name.data_key_id)
    with authorised(operator(home().id), Action.ORGANISATION_SET_UP, on=None):
        for wrap in session().scalars(query):
            session().delete(wrap)
    session().info["ring"] = Keyring(session().info["vault"])
    ring().load([name.data_key_id])
    with pytest.raises(KeyMissing):
        _ = name.name
