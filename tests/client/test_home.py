"""What a centre keeps on its machine is for its own eyes, whoever made the folder, whatever the umask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.command_line import Centre, Run, answered, password_file, set_up
from tests.client.hub_peer import HubPeer


@pytest.fixture
def careless() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(home: Path) -> list[str]:
    return [str(one) for one in (home, *home.rglob("*")) if one.stat().st_mode & 0o077]


@pytest.fixture(params=["new", "there before"])
def saule(
    peer: HubPeer, run_in: Run, careless: None, tmp_path: Path, request: pytest.FixtureRequest
) -> Centre:
    del careless
    home = tmp_path / "deep" / "down" / "saikne"
    if request.param == "there before":
        home.mkdir(parents=True)
    return set_up(peer, home, "Saule", run_in)


def test_nothing_that_the_command_keeps_is_open_to_others(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange = answered(saule, meness, plan)
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    saule.done("download", exchange, "--out", str(kept / "archive.zip"))
    saule.done(
        *("open", str(kept / "archive.zip"), "--to", str(kept / "deep" / "in")),
        *("--password-file", password_file(tmp_path)),
    )
    assert open_to_others(saule.home) + open_to_others(meness.home) + open_to_others(kept) == []
