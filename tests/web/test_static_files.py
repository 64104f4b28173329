"""Our own files travel packed and are kept for a year; a page travels as it is and is not kept."""

import gzip
import re
from pathlib import Path
from posixpath import normpath

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Accept
from werkzeug.exceptions import NotFound

from hrdtracker.web.shell.static_files import ASKED_AGAIN, KEPT, StaticFiles, static_files
from tests.web.browse import Browser
from tests.web.somebody import sent

pytestmark = pytest.mark.engines("sqlite")
PACKED = {"Accept-Encoding": "gzip, deflate, br"}
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
URL = re.compile(r'url\("([^":]+)"\)')


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def assets(client: FlaskClient) -> list[str]:
    return ASSET.findall(client.get("/login").text)


def test_each_file_of_a_page_has_the_hash_of_its_content_in_its_name(client: FlaskClient) -> None:
    addresses = assets(client)
    assert len(addresses) > 6
    assert [a for a in addresses if not re.search(r"\.[0-9a-f]{10}\.\w+$", a)] == []
    assert {client.get(a).headers["Cache-Control"] for a in addresses} == {KEPT}


def test_styles_and_scripts_travel_packed_to_whoever_takes_them_so(client: FlaskClient) -> None:
    for address in (a for a in assets(client) if a.endswith((".css", ".js"))):
        packed, plain = client.get(address, headers=PACKED), client.get(address)
        assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == (
            "gzip",
            "Accept-Encoding",
        )
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2


def test_what_a_style_names_is_there_under_its_hash(client: FlaskClient) -> None:
    style = next(a for a in assets(client) if "tokens" in a)
    named = URL.findall(client.get(style).text)
    assert len(named) == 2
    fonts = [client.get(normpath(f"/static/css/{name}")) for name in named]
    assert {(font.status_code, font.headers["Cache-Control"]) for font in fonts} == {(200, KEPT)}


def test_a_style_travels_without_its_remarks_and_with_its_licence(tmp_path: Path) -> None:
    (tmp_path / "look.css").write_text("/*! ours */\n/* why\n so */a { top: 0; }/* at */\n")
    assert StaticFiles(tmp_path).named("look.css").body == b"/*! ours */\na { top: 0; }\n"


def test_a_name_without_its_hash_is_asked_for_each_time(client: FlaskClient) -> None:
    answer = client.get("/static/css/theme.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    other = client.get("/static/css/theme.0000000000.css")
    assert (other.status_code, other.headers["Cache-Control"]) == (404, "no-store, no-transform")
    assert client.get("/static/../config.py").status_code == 404


def test_a_file_is_the_same_for_everybody_and_asks_the_database_nothing(app: Flask) -> None:
    client, path = Browser(app, "monitor").client, "/static/css/theme.css"
    assert sent(lambda: client.get(path)) == []
    assert client.get(path).headers["Vary"] == "Accept-Encoding"


def test_the_files_are_read_and_packed_once(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    assert static_files(folder) is static_files(folder)


def test_the_proxies_that_we_describe_pack_nothing() -> None:
    described = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text("utf-8")
    settings = [line for line in described.splitlines() if line.startswith("    ")]
    assert any("proxy_pass" in line for line in settings)
    assert [
        line for line in settings if re.match(r" +(encode|gzip(?! off)|brotli|zstd)\b", line)
    ] == []


@pytest.mark.parametrize("path", ["/", "/incidents/new", "/cases", "/people", "/nowhere"])
def test_a_page_is_never_packed_and_never_kept(app: Flask, path: str) -> None:
    answer = Browser(app, "monitor").client.get(path, headers=PACKED)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store, no-transform"


def test_no_proxy_that_we_describe_packs_a_page() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "deploy.md").read_text("utf-8")
    servers = [part for part in text.split("\n## ") if part.startswith(("Caddy", "nginx"))]
    assert len(servers) == 2
    for server in servers:
        lines = [line.strip().rstrip(";") for line in server.splitlines()]
        assert not any(re.match(r"(gzip|brotli|zstd|encode)\b(?! off)", line) for line in lines)


def _answered(files: StaticFiles, address: str, takes: str) -> tuple[str | None, ...]:
    """Return how a file is kept, packed, and what its answer depends on."""
    headers = files.answer(address, Accept([(takes, 1)])).headers
    names = ("Cache-Control", "Content-Encoding", "Vary")
    return tuple(headers.get(name) for name in names)


def test_each_file_of_a_folder_is_packed_where_that_is_less_and_kept_where_it_is_named_so(
    tmp_path: Path,
) -> None:
    (tmp_path / "font").mkdir()
    (tmp_path / "font" / "a.woff2").write_bytes(b"font")
    (tmp_path / "look.css").write_text('src: url("font/a.woff2")')
    (tmp_path / "look.js").write_text('"url("font/a.woff2")"')
    files = StaticFiles(tmp_path)
    font, style = files.named("font/a.woff2"), files.named("look.css")
    assert files.named("font/a.woff2") is font
    assert style.body.decode() == f'src: url("{font.address}")'
    assert files.named("look.js").body == b'"url("font/a.woff2")"'

    varies = "Accept-Encoding"
    assert _answered(files, style.address, "gzip") == (KEPT, "gzip", varies)
    assert _answered(files, style.address, "br") == (KEPT, None, varies)
    assert _answered(files, "look.css", "gzip") == (ASKED_AGAIN, "gzip", varies)
    assert _answered(files, font.address, "gzip") == (KEPT, None, None)
    with pytest.raises(NotFound):
        files.answer("font", Accept())
