"""Under which name, from where and to where: hosts, origins, ways back, and what is allowed."""

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, render_template_string
from hypothesis import example, given
from hypothesis import strategies as st

from config import MailSettings, Settings, SettingsUnusable
from hrdtracker.accounts.passkeys import Site
from hrdtracker.app import create_app
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.seal import Vault
from hrdtracker.web.shell import flask_settings, passkey_site, views
from hrdtracker.web.shell.headers import HEADERS
from tests import make
from tests.web.browse import Browser, page_open

pytestmark = pytest.mark.engines("sqlite")
SITE = "https://daybook.example.org"
PROXY = {"X-Forwarded-For": "10.1.2.3", "X-Forwarded-Proto": "https"}
MAIL = MailSettings("localhost", 25, "none", "daybook@example.org")
OURS = f"{SITE}/cases/one"


@pytest.fixture(scope="module")
def behind_tls(application: tuple[Settings, Flask], root: RootKey) -> Flask:
    """Return the application as a server with TLS in front of it hands it requests."""
    return create_app(replace(application[0], tls=True, trusted_proxies=1, url=SITE), root)


# Names -------------------------------------------------------------------------------------------


def test_behind_tls_a_browser_asks_for_us_in_the_open_no_more(behind_tls: Flask) -> None:
    answers = [behind_tls.test_client().get(path) for path in ("/login", "/away")]
    told = [answer.headers["Strict-Transport-Security"] for answer in answers]
    assert told == ["max-age=31536000; includeSubDomains"] * 2


def test_behind_tls_the_token_is_a_cookie_of_our_name_alone(behind_tls: Flask) -> None:
    who = Browser(behind_tls)
    about = {**PROXY, "X-Forwarded-Host": "daybook.example.org"}
    who.get("/login", base_url=SITE, headers=about)
    left = who.post("/leave", base_url=SITE, headers=about)
    cookies = [cookie.split("; ") for cookie in left.headers.getlist("Set-Cookie")]
    (token,) = [cookie for cookie in cookies if cookie[0] == "__Host-day="]
    assert {"Secure", "HttpOnly", "Path=/"} <= set(token)


def test_behind_tls_alone_a_cookie_belongs_to_our_very_name(
    application: tuple[Settings, Flask], root: RootKey
) -> None:
    kept = [flask_settings(replace(application[0], tls=tls), Vault(root)) for tls in (False, True)]
    assert [each["SESSION_COOKIE_NAME"] for each in kept] == ["seed", "__Host-seed"]
    assert [each["SESSION_COOKIE_SECURE"] for each in kept] == [False, True]


@pytest.mark.parametrize(
    "name", ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000"]
)
def test_on_this_machine_we_answer_to_its_names(pages: Flask, name: str) -> None:
    assert pages.test_client().get("/away", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("path", ["/login", "/static/css/theme.css", "/no-such-page", "//login"])
def test_whatever_is_asked_of_another_name_it_gets_one_sentence(pages: Flask, path: str) -> None:
    answer = pages.test_client().get(path, headers={"Host": "elsewhere.example"})
    assert "Use the one you were given" in answer.get_data(as_text=True)
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS
    assert "Set-Cookie" not in answer.headers
    assert not answer.location


@pytest.mark.parametrize(
    "name",
    ["elsewhere.example", "localhost.elsewhere.example", "elsewhere.example:8000", "localhost.",
     "a b", "", "127.0.0.1:8000:1", "[::1", "127.0.0.1@elsewhere.example", "localhost, elsewhere"],
)  # fmt: skip
def test_to_any_other_name_nothing_is_answered(pages: Flask, name: str) -> None:
    assert pages.test_client().get("/login", headers={"Host": name}).status_code == 400


def test_a_form_to_another_name_changes_nothing(app: Flask) -> None:
    who = Browser(app, "monitor")
    assert who.post("/logout", headers={"Host": "elsewhere.example"}).status_code == 400
    assert who.get("/").status_code == 200


def test_behind_tls_we_answer_to_the_name_of_our_address(behind_tls: Flask) -> None:
    def status(name: str) -> int:
        headers = {**PROXY, "X-Forwarded-Host": name}
        return behind_tls.test_client().get("/away", headers=headers).status_code

    assert status("daybook.example.org") == status("127.0.0.1") == 200
    assert status("elsewhere.example") == status("example.org") == 400


def test_an_address_for_others_is_answered_by_its_own_name_alone(
    application: tuple[Settings, Flask],
) -> None:
    given, _ = application
    outside = replace(given, host="192.168.1.5", url=SITE)
    assert outside.names == {"daybook.example.org"}
    assert replace(outside, url="").names == {"192.168.1.5"}


@pytest.mark.parametrize(
    "url",
    ["", "http://daybook.example.org", "https://daybook.example.org/path", "https://", "daybook",
     "https://user@daybook.example.org", "https://Daybook.example.org", "javascript:alert(1)",
     "https://[bad", "https://daybook.example.org:x", "https://daybook.example.org?x"],
)  # fmt: skip
def test_behind_tls_the_address_must_be_one_that_browsers_can_open(
    application: tuple[Settings, Flask], url: str
) -> None:
    given, _ = application
    with pytest.raises(SettingsUnusable, match="HRDTRACKER_URL"):
        replace(given, tls=True, url=url).check_url()
    replace(given, tls=True, url=f"{SITE}:8443").check_url()


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("", "localhost:8000", "http://localhost:8000"),
        ("", "127.0.0.1:8000", None),
        ("", "elsewhere.example", None),
        (SITE, "daybook.example.org", SITE),
        (f"{SITE}:8443", "daybook.example.org:8443", f"{SITE}:8443"),
        (SITE, "localhost", None),
        (SITE, "elsewhere.example", None),
        ("https://192.168.1.5", "192.168.1.5", None),
        ("https://[::1]", "[::1]", None),
    ],
)
def test_passkeys_belong_to_the_name_of_our_address_or_to_this_machine_by_its_name(
    address: str, host: str, origin: str | None
) -> None:
    server = Flask(__name__)
    passkey_site.set_up(server, address)
    with server.test_request_context(base_url=f"https://{host}"):
        server.preprocess_request()
        site = passkey_site.site()
    assert site == (Site(host.partition(":")[0], origin) if origin else None)


@pytest.mark.parametrize(("mail", "told"), [(None, "False"), (MAIL, "True")])
def test_pages_know_whether_we_were_given_a_mail_server(
    application: tuple[Settings, Flask], root: RootKey, mail: MailSettings | None, told: str
) -> None:
    with page_open(create_app(replace(application[0], mail=mail), root)):
        assert render_template_string("{{ shell.sends_mail }}") == told


# Where a form comes from -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "answer"),
    [("http://localhost", 303), ("null", 403), ("", 403), ("https://localhost", 403),
     ("http://localhost:81", 403), ("http://localhost.elsewhere.example", 403),
     ("http://[bad", 403), ("elsewhere", 403)],
)  # fmt: skip
def test_a_form_comes_from_a_page_of_ours(pages: Flask, origin: str, answer: int) -> None:
    who = Browser(pages)
    sent = who.post("/language", {"language": "en"}, headers={"Origin": origin})
    assert sent.status_code == answer


def test_a_link_of_another_site_opens_a_page(pages: Flask) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Referer": "https://elsewhere.example/"}
    assert pages.test_client().get("/login", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("origin", "answer"), [(SITE, 303), ("http://daybook.example.org", 403), ("null", 403)]
)
def test_behind_tls_a_page_that_came_in_the_clear_is_not_ours(
    behind_tls: Flask, origin: str, answer: int
) -> None:
    who, about = Browser(behind_tls), {**PROXY, "X-Forwarded-Host": "daybook.example.org"}
    who.get("/login", base_url=SITE, headers=about)
    headers = {**about, "Origin": origin}  # and no Referer: some browsers never send one
    sent = who.post("/language", {"language": "en"}, base_url=SITE, headers=headers)
    assert sent.status_code == answer


# Where an answer leads ---------------------------------------------------------------------------


def _as_a_browser_reads(location: str) -> str:
    """Return where a browser goes: it leaves out tabs and ends of lines, and turns backslashes."""
    read = location.strip("".join(map(chr, range(33))))
    return urljoin(OURS, read.translate({9: None, 10: None, 13: None}).replace("\\", "/"))


@given(
    st.one_of(
        st.text(),
        st.text("/\\\t\r\n\x00\x0b .;:@%?#ae", max_size=12).map("/{}".format),
        st.sampled_from(["//", "/\\", "/\t/", "/\r/", "\t//", "/\x00/", "/%09/"]).map(
            "{}elsewhere.example".format
        ),
    )
)
@example("/\t/elsewhere.example")
@example("/\r/elsewhere.example")
@example("/" + "x" * 70_000)
def test_wherever_a_form_asks_to_be_led_it_stays_with_us(path: str) -> None:
    led = views.own_path(path)
    there = urlsplit(_as_a_browser_reads(led))
    assert (there.scheme, there.netloc) == ("https", "daybook.example.org")
    assert len(led) < 5_000
    led.encode()


@pytest.mark.parametrize("path", ["/\t/elsewhere.example", "/\r/elsewhere.example", "x", ""])
def test_a_way_back_that_is_none_leads_to_the_first_page(pages: Flask, path: str) -> None:
    answer = Browser(pages).post("/language", {"language": "en", "back": path})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_way_back_keeps_what_a_page_was_asked(pages: Flask) -> None:
    path = "/cases?status=open&q=ភូមិ ថ្មី"
    answer = Browser(pages).post("/language", {"language": "en", "back": path})
    assert answer.location.startswith("/cases?status=open&q=")


# What is allowed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/leave", {"POST", "OPTIONS"}),
     ("DELETE", "/login", {"GET", "HEAD", "POST", "OPTIONS"}),
     ("POST", "/static/css/theme.css", {"GET", "HEAD", "OPTIONS"})],
)  # fmt: skip
def test_a_method_that_a_page_has_not_is_told_which_it_has(
    pages: Flask, method: str, path: str, allowed: set[str]
) -> None:
    answer = pages.test_client().open(path, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_the_styleguide_is_for_whoever_looks_after_the_pages(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Browser(app, "monitor").get("/styleguide").status_code == 200  # in a demonstration
    with app.app_context():
        monkeypatch.setattr(make.open_session(app).info["vault"], "demo", False)
    assert Browser(app, "admin").get("/styleguide").status_code == 200
    assert Browser(app, "monitor").get("/styleguide").status_code == 404
