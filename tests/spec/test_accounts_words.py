"""Which passwords, user names and settings are good enough."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hrdtracker.access.model import FactorsFor
from hrdtracker.accounts import passwords
from hrdtracker.accounts.drafts import SettingsDraft, UserDraft
from hrdtracker.core import clock, guessing, keyfile
from hrdtracker.core.errors import Refused

GOOD = "cloud ladder teapot violin"
REFUSED = [
    "too short",
    "thirteenchars",
    "password123456",
    "Passw0rd!Passw0rd!",
    "qwertyuiopasdfgh",
    "1q2w3e4r5t6y7u8i9o",
    "20261122134455",
    "aaaaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabc",
    "Phnom Penh 2026!!",
    "sunshineprincess",
    "iloveyou iloveyou",
    "correcthorsebatterystaple",
    "កម្ពុជាកម្ពុជា២០២៦",
    "the monitors words",
    "x" * 201,
]


@pytest.mark.parametrize("password", REFUSED)
def test_a_password_that_is_short_common_or_the_user_name_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        passwords.check_new(password, "monitor")
    assert "password" in refused.value.reasons


@pytest.mark.parametrize(
    "password", [GOOD, "k7#Vq!2mZpL9wX", "my cat eats blue rice", "ខ្ញុំចូលចិត្តបាយសនៅផ្ទះ"]
)
def test_a_long_password_that_nobody_guesses_is_good(password: str) -> None:
    passwords.check_new(password, "monitor")


@pytest.mark.parametrize("words", [words for words in REFUSED if "monitor" not in words])
def test_what_is_no_password_is_no_passphrase_of_the_key_file_either(
    tmp_path: Path, words: str
) -> None:
    with pytest.raises(keyfile.KeyFileUnusable) as refused:
        keyfile.create(tmp_path / "root.key", words, demo=True)
    assert refused.value.reason == guessing.reason_against(words)
    keyfile.create(tmp_path / "root.key", GOOD, demo=True)
    with pytest.raises(keyfile.KeyFileUnusable):
        keyfile.change_passphrase(tmp_path / "root.key", GOOD, words)
    assert keyfile.unlock(tmp_path / "root.key", GOOD).demo


def test_a_user_name_of_two_letters_may_stand_in_a_password_by_chance() -> None:
    passwords.check_new(GOOD, "do")


def test_the_list_of_common_passwords_is_long_and_ships_with_the_program() -> None:
    assert len(guessing.common_passwords()) > 3500


def test_the_hash_that_nobody_has_costs_what_a_real_one_costs(
    real_hashing: tuple[PasswordHasher, str],
) -> None:
    hasher, nobodys = real_hashing
    real = hasher.hash(GOOD)
    assert real.split("$")[1:4] == nobodys.split("$")[1:4]
    assert real.startswith("$argon2id$v=19$m=65536,t=3,")


def test_a_password_is_the_same_however_a_keyboard_composes_its_letters() -> None:
    hashed = passwords.hash_password("cafe\u0301 au lait chaud")
    assert passwords.matches(hashed, "caf\u00e9 au lait chaud")


@pytest.mark.parametrize("zone", ["", "Nowhere/City", "../../etc/passwd"])
def test_a_zone_that_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(Refused) as refused:
        SettingsDraft("Name", "Notes", "km", zone, FactorsFor.DECIDERS, clock.now(), 12)
    assert set(refused.value.reasons) == {"zone"}


@pytest.mark.parametrize("label", ["", " ", "x" * 81, "a\x00b", "a\ud800b"])
def test_a_label_that_cannot_be_kept_is_refused(label: str) -> None:
    with pytest.raises(Refused) as refused:
        UserDraft("newcomer", label)
    assert set(refused.value.reasons) == {"label"}
