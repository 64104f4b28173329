"""How what must stay secret is locked, column by column, row by row."""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Self, overload
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Base, Entity, session
from hrdtracker.core.errors import N_
from hrdtracker.core.field import SUFFIX, Field, Grade, declared, technical
from hrdtracker.core.keyfile import KEY_BYTES, NONCE_BYTES, RootKey

VERSION = b"\x01"
STEP_BYTES = 32
LENGTH_BYTES = 4
KEK_VERSION = 1


class SealBroken(Exception):
    """A sealed value was moved, altered, or is opened with another key."""


class KeyMissing(Exception):
    """A sealed value was asked for whose key this page did not load, or whose key is destroyed."""


class Vault:
    """Every key of the instance, derived from its root key (HKDF-SHA256, a purpose each)."""

    def __init__(self, root: RootKey) -> None:
        self._root = root.material
        self.demo = root.demo
        self._keks: dict[tuple[UUID, int], AESGCM] = {}

    def derive(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        """Return `length` bytes of key material that serve `purpose` only."""
        info = f"hrdtracker/1/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._root)

    def kek(self, compartment: UUID, version: int) -> AESGCM:
        """Return the key that wraps the data keys of one compartment."""
        found = self._keks.get((compartment, version))
        if found is None:
            found = AESGCM(self.derive(f"compartment/{compartment.hex}/{version}"))
            self._keks[compartment, version] = found
        return found

    def close(self, place: str, text: str, *, fixed: bool = False) -> bytes:
        """Lock a short text for one column with the key of the instance, not with a record’s.

        Equal texts look different, unless `fixed`: the nonce is then a keyed digest of the text.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        if fixed:
            digest = hmac.new(self._fixing, f"{place}\0{text}".encode(), sha256)
            nonce = digest.digest()[:NONCE_BYTES]
        return VERSION + nonce + self._closing.encrypt(nonce, _padded(text), place.encode())

    def open(self, place: str, closed: bytes) -> str:
        """Return the text that `close` locked; raises SealBroken."""
        return _opened(self._closing, place.encode(), closed)

    @cached_property
    def _closing(self) -> AESGCM:
        return AESGCM(self.derive("closed"))

    @cached_property
    def _fixing(self) -> bytes:
        return self.derive("closed/fixed")

    def fingerprint(self, purpose: str, value: str) -> str:
        """Return a keyed digest, which nobody without the root key can test a guess against."""
        return hmac.new(self.derive(purpose), value.encode(), sha256).hexdigest()


class Compartment(Entity):
    """Those who may hold a set of keys: an office, or the named people of one secret case."""

    __tablename__ = "compartment"
    record_label = N_("Set of keys")


class DataKey(Base):
    """The key of one person, or of one case and all that belongs to it; kept only wrapped."""

    __tablename__ = "data_key"
    unaudited = "a number; the record that it locks is on the trail"

    id: Mapped[int] = technical(BigInteger, primary_key=True, autoincrement=False)


class DataKeyWrap(Base):
    """A data key as one compartment may unwrap it. Without any wrap the data are erased."""

    __tablename__ = "data_key_wrap"
    unaudited = "a wrapped key that stayed on the trail would outlive its erasure"

    data_key_id: Mapped[int] = technical(ForeignKey("data_key.id"), primary_key=True)
    compartment_id: Mapped[int] = technical(
        ForeignKey("compartment.id"), primary_key=True, index=True
    )
    kek_version: Mapped[int] = technical()
    wrapped: Mapped[bytes] = technical(why="a key, wrapped")


class Keyring:
    """The data keys that the present unit of work has loaded."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._raw: dict[int, bytes] = {}
        self._keys: dict[int, AESGCM] = {}
        self._compartments: dict[int, Compartment] = {}
        self._expected: set[int] = set()
        self.shown: dict[int, None] = {}
        """The keys of what was read here for somebody to see, the first first."""

    def compartment(self, number: int) -> Compartment:
        """Return a compartment, read once in a unit of work."""
        if number not in self._compartments:
            self._compartments[number] = session().get_one(Compartment, number)
        return self._compartments[number]

    def forget_rows(self) -> None:
        """Let go of rows that the session does not know any more; keys stay."""
        self._compartments.clear()

    def load(self, key_ids: Iterable[int | None]) -> None:
        """Unwrap the keys that are not held yet, in one statement."""
        wanted = {key_id for key_id in key_ids if key_id is not None} - self._keys.keys()
        if not wanted:
            return
        query = (
            select(
                DataKeyWrap.data_key_id,
                Compartment.uid,
                DataKeyWrap.kek_version,
                DataKeyWrap.wrapped,
            )
            .join(Compartment, Compartment.id == DataKeyWrap.compartment_id)
            .where(DataKeyWrap.data_key_id.in_(wanted))
        )
        for key_id, compartment, version, wrapped in session().execute(query):
            self.accept(key_id, compartment, version, wrapped)

    def expect(self, key_id: int) -> None:
        """Let a key be read when it is first used: that of the record which an act is about."""
        self._expected.add(key_id)

    def accept(self, key_id: int, compartment: UUID, version: int, wrapped: bytes) -> None:
        """Unwrap a key that a list’s own query has read, and keep it."""
        if key_id not in self._keys:
            kek = self.vault.kek(compartment, version)
            raw = kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _wrap_aad(key_id))
            self._hold(key_id, raw)

    def create(self) -> DataKey:
        """Return a new data key, which this ring can use; without a wrap it is lost."""
        key = DataKey(id=secrets.randbits(62) | 1)
        self._hold(key.id, secrets.token_bytes(KEY_BYTES))
        return key

    def wrap(self, key_id: int, compartment: Compartment) -> DataKeyWrap:
        """Return the row that lets `compartment` unwrap the key; raises KeyMissing."""
        if key_id not in self._raw:
            raise KeyMissing(key_id)
        nonce = secrets.token_bytes(NONCE_BYTES)
        kek = self.vault.kek(compartment.uid, KEK_VERSION)
        return DataKeyWrap(
            data_key_id=key_id,
            compartment_id=compartment.id,
            kek_version=KEK_VERSION,
            wrapped=nonce + kek.encrypt(nonce, self._raw[key_id], _wrap_aad(key_id)),
        )

    def seal(self, key_id: int, place: bytes, text: str) -> bytes:
        """Lock `text` for one `place` (table, column, uid): version, nonce, padded ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + nonce + self._key(key_id).encrypt(nonce, _padded(text), place)

    def unseal(self, key_id: int, place: bytes, sealed: bytes) -> str:
        """Return the text; raises SealBroken for a value of another place, KeyMissing."""
        return _opened(self._key(key_id), place, sealed)

    def _hold(self, key_id: int, raw: bytes) -> None:
        self._raw[key_id] = raw
        self._keys[key_id] = AESGCM(raw)

    def _key(self, key_id: int) -> AESGCM:
        if key_id not in self._keys and key_id in self._expected:
            with session().no_autoflush:
                self.load([key_id])
        try:
            return self._keys[key_id]
        except KeyError:
            raise KeyMissing(key_id) from None


def _padded(text: str) -> bytes:
    """Return a text with its length before it, in steps that do not tell it."""
    data = text.encode()
    body = len(data).to_bytes(LENGTH_BYTES, "big") + data
    return body + b"\0" * (-len(body) % STEP_BYTES)


def _opened(key: AESGCM, place: bytes, sealed: bytes) -> str:
    if sealed[:1] != VERSION:
        raise SealBroken(place)
    nonce, box = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        body = key.decrypt(nonce, box, place)
    except InvalidTag:
        raise SealBroken(place) from None
    length = int.from_bytes(body[:LENGTH_BYTES], "big")
    return body[LENGTH_BYTES : LENGTH_BYTES + length].decode()


def _wrap_aad(key_id: int) -> bytes:
    return b"data_key_wrap:%d" % key_id


def ring() -> Keyring:
    """Return the key ring of the present unit of work."""
    info = session().info
    if "ring" not in info:
        info["ring"] = Keyring(info["vault"])
    held: Keyring = info["ring"]
    return held


@contextmanager
def passing_ring() -> Iterator[Keyring]:
    """Hold keys only inside, for work that reads very many rows and must not keep their keys."""
    info = session().info
    held = info.get("ring")
    info["ring"] = Keyring(info["vault"])
    try:
        yield info["ring"]
    finally:
        info["ring"] = held if held is not None else Keyring(info["vault"])


class SealedRow(Entity):
    """A record with sealed columns; all of them are locked with one data key."""

    __abstract__ = True
    untraced: ClassVar[str] = ""
    """Why reading such rows leaves no line in the access log; empty where it does."""

    data_key_id: Mapped[int] = technical(ForeignKey("data_key.id"), index=True)


class Sealed:
    """A text that is locked in the database: it maps, reads and writes `<name>_sealed` of its row.

    It is the declaration of that column too: its grade, its label, and why it has that grade.
    """

    needs_row = True

    def __init__(self, grade: Grade, label: str = "", *, aspect: str = "", why: str = "") -> None:
        if grade not in {Grade.IDENTITY, Grade.NARRATIVE}:
            raise ValueError("what is sealed is identity or narrative")
        self.grade = grade
        self.name = ""
        self._mapped = declared(Field(grade, label, aspect, why=why), LargeBinary, nullable=True)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        setattr(owner, self.column, self._mapped)

    @property
    def column(self) -> str:
        """Name the column that holds the ciphertext."""
        return f"{self.name}{SUFFIX}"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: SealedRow, owner: type) -> str | None: ...
    def __get__(self, row: SealedRow | None, owner: type) -> Self | str | None:
        """Return the text, unlocked with the row's key."""
        if row is None:
            return self
        return self.open(row, self.ciphertext(row))

    def __set__(self, row: SealedRow, text: str | None) -> None:
        """Lock `text`; an equal text is not locked again, so that the trail shows no change."""
        if text == self._unlock(row, getattr(row, self.column)):
            return
        sealed = None if text is None else ring().seal(row.data_key_id, self._place(row), text)
        setattr(row, self.column, sealed)

    def ciphertext(self, row: SealedRow) -> bytes | None:
        """Return what lies in the row, locked; without a key it tells whether there is any."""
        kept: bytes | None = getattr(row, self.column)
        return kept

    def open(self, row: SealedRow, sealed: bytes | None) -> str | None:
        """Return the text of a ciphertext of this column and row, the present or an earlier one.

        The key ring notes that it was read: whoever learns that nothing is written has read it too.
        """
        if not row.untraced:
            ring().shown[row.data_key_id] = None
        return self._unlock(row, sealed)

    def _unlock(self, row: SealedRow, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        return ring().unseal(row.data_key_id, self._place(row), sealed)

    def unseal_to_compare(
        self, model: type[SealedRow], uid: UUID, key_id: int, sealed: bytes
    ) -> str:
        """Return the text of a ciphertext that was read without its row, to compare it.

        It is shown to nobody, so the key ring notes nothing.
        """
        return ring().unseal(key_id, self._place_of(model, uid), sealed)

    def _place(self, row: SealedRow) -> bytes:
        return self._place_of(type(row), row.uid)

    def _place_of(self, model: type[SealedRow], uid: UUID) -> bytes:
        return f"{model.__tablename__}\0{self.column}\0{uid.hex}".encode()


def sealed_attributes(model: type[Any]) -> dict[str, Sealed]:
    """Return the sealed attributes of a model by the name of their column."""
    found: dict[str, Sealed] = {}
    for owner in reversed(model.__mro__):
        for value in vars(owner).values():
            if isinstance(value, Sealed):
                found[value.column] = value
    return found
