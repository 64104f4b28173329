"""What others wrote and we ship is what the manifest says, and brings its licence."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "hrdtracker" / "static" / "vendor"
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text())["packages"]
LISTED: dict[str, str] = {
    path: digest for package in PACKAGES for path, digest in package["files"].items()
}
ON_DISK = sorted(
    path.relative_to(VENDOR).as_posix()
    for path in VENDOR.rglob("*")
    if path.is_file() and path.name != "manifest.json"
)


def test_every_vendored_file_is_in_the_manifest_and_nothing_else_is() -> None:
    assert sorted(LISTED) == ON_DISK


@pytest.mark.parametrize("path", sorted(LISTED))
def test_a_vendored_file_is_byte_for_byte_what_was_published_or_cut_from_that(path: str) -> None:
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == LISTED[path]


@pytest.mark.parametrize("package", [package for package in PACKAGES if "cut" in package])
def test_what_is_cut_says_from_which_file_and_how(package: dict[str, Any]) -> None:
    assert set(package["cut"]) == {"by", "with", "from"}
    assert set(package["cut"]["from"]) < set(package["files"])


def test_the_khmer_letters_are_cut_to_what_the_style_takes_from_them() -> None:
    ranges = re.findall(r"unicode-range: ([^;]+);", (VENDOR.parent / "css/tokens.css").read_text())
    (letters,) = [package for package in PACKAGES if package["name"].endswith("noto-sans-khmer")]
    assert {text.replace(" ", "") for text in ranges} == set(
        re.findall(r"--unicodes=(\S+)", letters["cut"]["by"])
    )


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package["name"]))
def test_a_vendored_package_names_its_version_and_brings_its_licence(
    package: dict[str, Any],
) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["licence"] in {"MIT", "0BSD", "OFL-1.1"}
    assert package["integrity"].startswith("sha512-")
    assert any(path.endswith("/LICENSE") for path in package["files"])


@pytest.mark.parametrize("path", [path for path in ON_DISK if path.endswith(".css")])
def test_a_vendored_style_loads_nothing(path: str) -> None:
    style = (VENDOR / path).read_text()
    assert "url(" not in style
    assert "@import" not in style
