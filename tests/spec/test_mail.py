"""Mail to a real receiver: that there is something new, and nothing else; over a checked way."""

import re
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from config import MailSettings, Settings, SettingsUnusable
from hrdtracker.access.action import Action
from hrdtracker.access.model import User, UserState
from hrdtracker.accounts import service
from hrdtracker.accounts.service import set_mail_address
from hrdtracker.audit.checkpoint import Head
from hrdtracker.audit.queries import verify
from hrdtracker.authorised import authorised
from hrdtracker.backups.heads import ChainHeads, holds
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.queries import unseen
from hrdtracker.notices.service import see, tell
from hrdtracker.outbox.kinds import RULES, JobKind
from hrdtracker.outbox.model import Job, JobState
from tests import make
from tests.mail import (
    HOUR,
    LOCAL,
    NOW,
    READER,
    SENDER,
    URL,
    give_address,
    receiving,
    settings,
    work,
)
from tests.spec.cli_runs import secret_file
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


def ask(*logins: str) -> None:
    """Tell somebody something, which asks for a mail to who gave an address."""
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        tell([make.user(login).id for login in logins], NoticeKind.WAY_IN_CHANGED)


def job_of_mail(app: Flask) -> Job:
    found = in_unit(app, lambda: session().scalars(select(Job).where(Job.kind == "mail")).one())
    assert isinstance(found, Job)
    return found


# --- what it says ---------------------------------------------------------------------------------


def test_a_mail_says_only_that_there_is_something_new_and_where_one_signs_in(app: Flask) -> None:
    give_address(app)
    in_unit(app, lambda: ask("monitor", "colleague"))
    with receiving() as receiver:
        assert work(app, settings(receiver.port))
        assert not work(app, settings(receiver.port))
    (mail,) = receiver.mails
    assert (mail.mail_from, mail.rcpt_tos) == (SENDER, [READER])
    (message,) = receiver.messages
    lines = message.get_content().splitlines()
    assert lines == ["There is something new for you in Daybook. Sign in to read it.", "", URL]
    assert message["Subject"] == "Daybook"
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Date"].endswith("+0000")
    assert receiver.names == ["example.org"], "the name of the machine is nobody’s"
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


def test_it_is_written_in_the_language_of_who_reads_it(app: Flask) -> None:
    give_address(app)
    in_unit(app, lambda: service.set_preferences(make.actor("monitor"), "km", None))
    in_unit(app, lambda: ask("monitor"))
    with receiving() as receiver:
        work(app, settings(receiver.port))
    assert "មានអ្វីថ្មីសម្រាប់អ្នក" in receiver.messages[0].get_content()


def test_the_heads_go_each_morning_to_the_address_that_is_named_and_nothing_else_does(
    app: Flask,
) -> None:
    with receiving() as receiver:
        told = replace(settings(receiver.port), heads_mail="keeper@example.net")
        for hours in (0, 24, 48):  # the first time it only says when it is due
            while work(app, told, NOW + timedelta(hours=hours)):
                pass
    assert [mail.rcpt_tos for mail in receiver.mails] == [["keeper@example.net"]] * 2
    text = receiver.messages[0].get_content().replace("\r\n", "\n")
    assert in_unit(app, lambda: holds(ChainHeads.read(text)))
    head = re.search(r"^trail (\S+)$", text, re.MULTILINE)
    assert head
    assert in_unit(app, lambda: verify(Head.read(head[1]))).holds


# --- to whom, and how often -----------------------------------------------------------------------


def test_there_is_one_mail_an_hour_however_much_there_is_to_tell(app: Flask) -> None:
    give_address(app)

    def understand_and_hear_again() -> None:
        monitor = make.actor("monitor")
        for notice in unseen(monitor):
            see(monitor, notice.uid)
        ask("monitor")

    with receiving() as receiver:
        given = settings(receiver.port)
        for minutes in range(0, 120, 10):
            moment = NOW + timedelta(minutes=minutes)
            with time_machine.travel(moment, tick=False):
                in_unit(app, understand_and_hear_again)
            work(app, given, moment)
        assert len(receiver.mails) == 2


@pytest.mark.parametrize("reason", ["understood", "no_address", "locked", "no_server"])
def test_no_mail_goes_where_there_is_nothing_new_or_nobody_to_read_it(
    app: Flask, reason: str
) -> None:
    give_address(app)
    in_unit(app, lambda: ask("monitor"))

    def understand() -> None:
        monitor = make.actor("monitor")
        see(monitor, unseen(monitor)[0].uid)

    def lock() -> None:
        make.bring(make.user("monitor"), UserState.LOCKED)

    if reason == "no_address":
        give_address(app, address="")
    elif reason != "no_server":
        in_unit(app, understand if reason == "understood" else lock)
    with receiving() as receiver:
        given = settings(receiver.port)
        assert work(app, Settings(Path("nowhere")) if reason == "no_server" else given)
        assert receiver.mails == []
    assert job_of_mail(app).state == JobState.DONE


def test_of_who_left_no_address_is_kept(app: Flask) -> None:
    def leave() -> None:
        make.bring(make.user("monitor"), UserState.LEFT)

    give_address(app)
    in_unit(app, leave)
    assert (
        in_unit(app, lambda: session().scalars(select(User.id).where(User.has_mail())).all()) == []
    )


def test_who_gave_no_address_is_told_and_nobody_gets_a_mail_in_their_place(app: Flask) -> None:
    give_address(app, "colleague")
    in_unit(app, lambda: ask("monitor"))
    assert in_unit(app, lambda: session().scalars(select(Job)).all()) == []


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize(
    "address",
    [
        "monitor",
        "a b@example.org",
        "a@b",
        "a@example.org\nBcc: x@example.org",
        "a@example.org, b@x.org",
        "<a@example.org>",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_is_no_address_is_not_kept(address: str) -> None:
    make.load_keys()
    with pytest.raises(Refused):
        set_mail_address(make.actor("monitor"), address)


# --- in vain --------------------------------------------------------------------------------------


def test_a_server_that_fails_is_asked_again_and_then_given_up_and_administrators_learn_it_once(
    app: Flask,
) -> None:
    for login in ("monitor", "colleague", "admin"):
        give_address(app, login, f"{login}@example.net")
    in_unit(app, lambda: ask("monitor", "colleague"))
    with receiving() as receiver:
        receiver.answer = "451 Try again later"
        moment = NOW
        while {job.state for job in _mails(app)} != {JobState.DEAD}:
            while work(app, settings(receiver.port), moment):
                pass
            moment += HOUR
            assert moment < NOW + timedelta(days=3)
        assert len(receiver.mails) == 2 * RULES[JobKind.MAIL].tries
    assert {job.last_error for job in _mails(app)} == {"SMTPDataError"}
    told = in_unit(app, lambda: [unseen(make.actor(login)) for login in ("admin", "director")])
    assert [[notice.kind for notice in notices] for notices in told] == [
        [NoticeKind.MAIL_FAILS],
        [],
    ]
    assert len(_mails(app)) == 2, "what cannot be mailed is not told by mail"


def _mails(app: Flask) -> list[Job]:
    return list(
        in_unit(app, lambda: session().scalars(select(Job).where(Job.kind == "mail")).all())
    )


# --- the way --------------------------------------------------------------------------------------


def certificate(folder: Path) -> ssl.SSLContext:
    """Write a certificate for this machine into a folder; return the server’s side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    moment = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - HOUR)
        .not_valid_after(moment + timedelta(days=9))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOCAL))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "server.pem", folder / "server.key"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, private)
    return context


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "unknown"])
def test_the_way_is_encrypted_and_only_a_server_that_is_trusted_hears_the_password(
    app: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    encryption: str,
    trusted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    give_address(app)
    in_unit(app, lambda: ask("monitor"))
    context, by_tls = certificate(tmp_path), encryption == "tls"
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    how = {"ssl_context": context} if by_tls else {"tls_context": context, "require_starttls": True}
    with receiving(**how) as receiver:
        password = {"user": "daybook", "password_file": secret_file(tmp_path, "open sesame")}
        assert work(app, settings(receiver.port, encryption, **password))
    expected = [b"daybook", b"open sesame"] if trusted else []
    assert receiver.users == expected
    assert len(receiver.mails) == int(trusted)
    job = job_of_mail(app)
    assert (job.state, job.last_error) == (
        (JobState.DONE, None) if trusted else (JobState.WAITING, "SSLCertVerificationError")
    )


# --- settings -------------------------------------------------------------------------------------

GOOD = {"SMTP_HOST": "mail.example.org", "SMTP_FROM": SENDER}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({**GOOD, "SMTP_ENCRYPTION": "none"}, "only for this very machine"),
        ({**GOOD, "SMTP_ENCRYPTION": "ssl"}, "starttls or tls"),
        ({**GOOD, "SMTP_USER": "daybook"}, "belong together"),
        ({**GOOD, "SMTP_FROM": "Daybook"}, "an address for mail"),
        ({**GOOD, "SMTP_PORT": "0"}, "a number from 1"),
        ({"SMTP_FROM": SENDER}, "needs HRDTRACKER_SMTP_HOST"),
        ({"WORKER": "maybe"}, "yes or no"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_at_the_start(
    given: dict[str, str], fault: str
) -> None:
    with pytest.raises(SettingsUnusable, match=fault):
        Settings.read({f"HRDTRACKER_{name}": value for name, value in given.items()})


def test_mail_is_encrypted_unless_something_else_is_said() -> None:
    read = Settings.read({f"HRDTRACKER_{name}": value for name, value in GOOD.items()})
    assert read.mail == MailSettings("mail.example.org", 587, "starttls", SENDER)
    assert read.worker
