"""Where backups lie, and the commands with which an operator makes, lists and verifies them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from hrdtracker.access.actor import operator
from hrdtracker.backups import service
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.keeping import Kept
from hrdtracker.backups.manifest import BESIDE, SUFFIX
from hrdtracker.backups.model import BackupFault
from hrdtracker.backups.places import PlaceUnusable, place
from hrdtracker.core.errors import Message, Refused
from tests import make
from tests.backups import IDENTITY, PUBLIC, damaged, plan
from tests.spec.cli_runs import on, stopped

pytestmark = pytest.mark.usefixtures("unit")


# A bucket -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Run a server that speaks S3, and return where."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.engines("sqlite")
def test_a_bucket_keeps_backups_as_a_folder_does(machine: Machine, bucket: str) -> None:
    _make_bucket(bucket)
    secret = machine.instance / "backup-s3.toml"
    secret.write_text(f'access_key_id = "a"\nsecret_access_key = "b"\nendpoint = "{bucket}/"\n')
    with pytest.raises(PlaceUnusable, match="Others can read"):
        place("s3://kept/office", machine.instance)
    secret.chmod(0o600)
    organisation = make.organisation()
    by_hand = operator(organisation.id)
    service.set_recipients(by_hand, organisation, [PUBLIC])
    service.set_places(by_hand, organisation, ["s3://kept/office"], machine)
    (put,) = service.run(by_hand, organisation, machine)
    assert put.receipt
    assert [each.fault for each in service.verify(by_hand, organisation, machine)] == [None]
    there = place("s3://kept/office", machine.instance)
    assert there.names() == [f"{put.name}{SUFFIX}", f"{put.name}{BESIDE}"]
    there.remove(f"{put.name}{SUFFIX}")
    assert [each.fault for each in service.verify(by_hand, organisation, machine)] == [
        BackupFault.MISSING
    ]


def _make_bucket(address: str) -> None:
    import urllib.request  # noqa: PLC0415

    request = urllib.request.Request(f"{address}/kept", method="PUT")  # noqa: S310
    request.add_header("Authorization", "AWS4-HMAC-SHA256 Credential=a/20261129/us-east-1/s3/x")
    urllib.request.urlopen(request).close()  # noqa: S310


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("address", ["backups", "http://x/y", "s3://", "s3://a:b@kept", ""])
def test_what_is_no_place_is_refused(machine: Machine, address: str) -> None:
    with pytest.raises(PlaceUnusable):
        place(address, machine.instance)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("address", ["ftp://elsewhere/kept", "/nowhere"])
def test_a_place_that_is_none_or_away_is_not_taken_into_the_plan(
    machine: Machine, disk: Path, address: str
) -> None:
    organisation = make.organisation()
    by_hand = operator(organisation.id)
    service.set_places(by_hand, organisation, [str(disk)], machine)
    with pytest.raises((PlaceUnusable, BackupFailed)):
        service.set_places(by_hand, organisation, [str(disk), address], machine)
    assert service.plan_of(organisation).places == (str(disk),)


@pytest.mark.engines("sqlite")
def test_half_a_plan_is_refused_with_what_it_lacks(machine: Machine, disk: Path) -> None:
    organisation = make.organisation()
    by_hand = operator(organisation.id)
    for keys, places, lack in (
        ([PUBLIC], [], service.NO_PLACE),
        ([], [str(disk)], service.NO_RECIPIENT),
    ):
        service.set_recipients(by_hand, organisation, keys)
        service.set_places(by_hand, organisation, places, machine)
        with pytest.raises(Refused) as refused:
            service.run(by_hand, organisation, machine)
        assert list(refused.value.reasons.values()) == [Message(lack)]


# The commands ------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_the_console_says_to_whom_where_and_how_many_then_makes_lists_and_verifies(
    machine: Machine, disk: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "key.txt"
    stick.write_text(str(IDENTITY))

    def said(*words: str) -> str:
        result = on(machine.instance, "backup", *words)
        assert result.exit_code == 0, result.output
        return result.output

    assert "Nobody could open" in stopped(on(machine.instance, "backup", "run"))
    private = on(machine.instance, "backup", "recipients", "--add", str(IDENTITY))
    assert "private key" in stopped(private)
    assert said("recipients", "--add", PUBLIC).split() == [PUBLIC]
    assert said("places", "--add", str(disk)).split() == [str(disk)]
    assert "2 daily" in said("keep", "--daily", "2")
    assert "up to entry" in said("run")
    (sealed,) = disk.glob(f"*{SUFFIX}")
    assert sealed.stem in said("list")
    assert f"{sealed.stem}, {sealed.stat().st_size} bytes" in said("verify")
    assert "is whole" in said("verify", "--file", str(sealed), "--identity", str(stick))
    assert said("prune").strip() == "0 removed."
    with damaged(sealed, 400):
        broken = on(machine.instance, "backup", "verify")
    assert broken.exit_code == 1
    assert "truncated, altered" in broken.output


@pytest.mark.engines("sqlite")
def test_what_is_put_into_a_place_while_somebody_looks_there_is_not_missed(
    machine: Machine, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = make.organisation()
    by_hand, look = operator(organisation.id), service._look_at
    plan(machine, disk)

    def look_slowly(address: str, of: Machine, **how: bool) -> list[Kept]:
        kept = look(address, of, **how)
        service.run(by_hand, organisation, machine)
        return kept

    monkeypatch.setattr(service, "_look_at", look_slowly)
    assert [each.fault for each in service.verify(by_hand, organisation, machine)] == [None]
