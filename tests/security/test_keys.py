"""The file that holds the root key gives nothing away and opens only to its passphrase."""

import json
from pathlib import Path

import pytest

from hrdtracker.cli import passphrase_file
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import KeyFileUnusable
from hrdtracker.core.seal import Vault

WORDS = "four words nobody guesses"
OTHER = "four words somebody guesses"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "instance" / "root.key"


def test_the_passphrase_opens_the_file_and_no_other_does(path: Path) -> None:
    made = keyfile.create(path, WORDS, demo=True)
    assert keyfile.unlock(path, WORDS) == made
    for wrong in (OTHER, WORDS.upper(), WORDS + " ", ""):
        with pytest.raises(KeyFileUnusable):
            keyfile.unlock(path, wrong)


def test_only_its_owner_may_read_the_file(path: Path) -> None:
    keyfile.create(path, WORDS, demo=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_key_file_is_never_overwritten(path: Path) -> None:
    keyfile.create(path, WORDS, demo=True)
    before = path.read_bytes()
    with pytest.raises(KeyFileUnusable):
        keyfile.create(path, OTHER, demo=True)
    assert path.read_bytes() == before


def test_a_short_passphrase_locks_nothing(path: Path) -> None:
    with pytest.raises(KeyFileUnusable):
        keyfile.create(path, "short", demo=True)


def test_neither_key_nor_passphrase_stands_in_the_file_or_in_words(path: Path) -> None:
    made = keyfile.create(path, WORDS, demo=True)
    held = path.read_text()
    assert WORDS not in held
    assert made.material.hex() not in held
    assert made.material.hex() not in repr(made)
    assert repr(made.material) not in repr(made)


def test_a_demo_key_cannot_pass_for_a_real_one(path: Path) -> None:
    keyfile.create(path, WORDS, demo=True)
    held = json.loads(path.read_text())
    path.write_text(json.dumps({**held, "demo": False}))
    with pytest.raises(KeyFileUnusable):
        keyfile.unlock(path, WORDS)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"salt": 1}', "\x00", "ключ"])
def test_a_damaged_file_is_refused_with_a_sentence(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    with pytest.raises(KeyFileUnusable):
        keyfile.unlock(path, WORDS)


def test_another_passphrase_locks_the_same_key(path: Path) -> None:
    made = keyfile.create(path, WORDS, demo=True)
    keyfile.change_passphrase(path, WORDS, OTHER)
    assert keyfile.unlock(path, OTHER) == made
    with pytest.raises(KeyFileUnusable):
        keyfile.unlock(path, WORDS)
    assert [each.name for each in path.parent.iterdir()] == ["root.key"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_passphrase_that_is_too_short_leaves_the_old_one(path: Path) -> None:
    made = keyfile.create(path, WORDS, demo=True)
    with pytest.raises(KeyFileUnusable):
        keyfile.change_passphrase(path, WORDS, "short")
    assert keyfile.unlock(path, WORDS) == made


def test_each_purpose_has_a_key_of_its_own(path: Path) -> None:
    vault = Vault(keyfile.create(path, WORDS, demo=True))
    purposes = ("database", "audit", "cookies", "throttle/account", "throttle/network")
    assert len({vault.derive(purpose) for purpose in purposes}) == len(purposes)


def test_each_of_several_passphrases_opens_the_same_key_until_its_lock_is_removed(
    path: Path,
) -> None:
    made = keyfile.create(path, WORDS, demo=True)
    name = keyfile.add_passphrase(path, WORDS, OTHER)
    assert keyfile.unlock(path, WORDS) == made
    assert keyfile.unlock_by(path, OTHER) == (made, name)
    with pytest.raises(KeyFileUnusable):
        keyfile.add_passphrase(path, WORDS, OTHER)
    (first,) = keyfile.lock_names(path) - {name}
    keyfile.remove_lock(path, first)
    with pytest.raises(KeyFileUnusable):
        keyfile.unlock(path, WORDS)
    with pytest.raises(KeyFileUnusable):
        keyfile.remove_lock(path, name)
    assert keyfile.unlock(path, OTHER) == made
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_of_before_opens_as_it_is_and_takes_more_passphrases(path: Path) -> None:
    made = keyfile.create(path, WORDS, demo=True)
    content = json.loads(path.read_text())
    (lock,) = content["locks"]
    path.write_text(json.dumps({"what": "", "demo": True, **lock}))
    assert keyfile.unlock(path, WORDS) == made
    keyfile.add_passphrase(path, WORDS, OTHER)
    assert keyfile.unlock(path, WORDS) == keyfile.unlock(path, OTHER) == made


def test_a_passphrase_is_emptied_where_it_is_gone_with_the_power_and_nowhere_else(
    tmp_path: Path,
) -> None:
    on_disk = tmp_path / "passphrase"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 0 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /run rw shared:5 - tmpfs tmpfs rw\n"
    )
    kinds = [passphrase_file._mount(line) for line in mounts.read_text().splitlines()]
    assert passphrase_file._kind(Path("/run/key/passphrase"), kinds) == "tmpfs"
    assert passphrase_file._kind(Path("/running/passphrase"), kinds) == "ext4"
    on_disk.write_text(WORDS)
    if not passphrase_file.lies_in_memory(on_disk):
        passphrase_file.forget(on_disk)
        assert on_disk.read_text() == WORDS
    assert not passphrase_file.is_emptied(on_disk)
    assert not passphrase_file.is_emptied(None)
