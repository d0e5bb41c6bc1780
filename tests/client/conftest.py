"""Two centres and a simulated hub between them."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from saikne.command import main
from saikne.hub import Hub
from saikne.retries import Patience
from tests.client.command_line import Centre, Result, set_up
from tests.client.hub_peer import HubPeer, running_hub
from tests.client.printed import commands_in, unfit

QUICK = Patience(attempts=4, first_pause=timedelta(milliseconds=5), longest_pause=timedelta(seconds=2))


@pytest.fixture
def peer() -> Iterator[HubPeer]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
async def requester(peer: HubPeer) -> AsyncIterator[Hub]:
    async with Hub(peer.admit("Atbalsta centrs Saule"), language="en", patience=QUICK) as hub:
        yield hub


@pytest.fixture
async def holder(peer: HubPeer) -> AsyncIterator[Hub]:
    async with Hub(peer.admit("Atbalsta centrs Mēness"), language="lv", patience=QUICK) as hub:
        yield hub


@pytest.fixture
def run_in(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path, tuple[str, ...]], Result]:
    def run(home: Path, arguments: tuple[str, ...]) -> Result:
        monkeypatch.setenv("SAIKNE_HOME", str(home))
        monkeypatch.setenv("SAIKNE_LANG", "en")
        monkeypatch.setenv("SAIKNE_ATTEMPTS", "2")
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = capfd.readouterr()
        if not {"-h", "--help", "--json"} & set(arguments):
            assert [why for words in commands_in(out + err) if (why := unfit(words))] == []
        return Result(int(end.value.code or 0), out, err)

    return run


@pytest.fixture
def saule(peer: HubPeer, tmp_path: Path, run_in: Callable[[Path, tuple[str, ...]], Result]) -> Centre:
    return set_up(peer, tmp_path / "saule", "Saule", run_in)


@pytest.fixture
def meness(peer: HubPeer, tmp_path: Path, run_in: Callable[[Path, tuple[str, ...]], Result]) -> Centre:
    return set_up(peer, tmp_path / "meness", "Mēness", run_in)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF-1.7 plan" * 50_000)
    return path


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
