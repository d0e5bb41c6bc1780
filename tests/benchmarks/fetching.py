"""The way down of a hand-over: the hub beside nginx, the library beside curl, its opening beside `7z x`.

nginx sends the same archive to the same curl over TLS, and the servers' processor time is counted. curl
brings the same bytes from the same hub over TLS and hashes nothing; the library asks for the exchange, hashes
what arrives and names the file when it is whole. By hand a person extracts with 7z and computes what the
receipt names, the SHA-256 of the archive and of each document; the library also checks names, sizes and the
signed manifest. Turns alternate, and a ratio is the median of the turns' ratios.
"""

import asyncio
import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from saikne import compose, open_parcel
from saikne_schemas.manifests import Dispatch
from tests.benchmarks.handing_over import Centres, installed, write_document
from tests.benchmarks.peers.nginx import Nginx, nginx
from tests.benchmarks.processes import processor_seconds
from tests.benchmarks.row import Row, Scale, ratio_of_pairs
from tests.benchmarks.watch import Watch
from tests.peers.seven_zip import seven_zip

PASSWORD_SYMBOLS = 16
"""Those after them check the typing."""


async def fetching(scale: Scale) -> dict[str, Row]:
    async with installed() as centres:
        exchange = await centres.ask()
        document = write_document(centres.home, scale.upload_bytes)
        await centres.declare_and_send(exchange, document)
        document.unlink()
        await centres.holder.tell(compose(Dispatch, exchange=exchange, round=1))
        password = await centres.texted(exchange)
        downloads = [await _downloaded(centres, exchange) for _ in range(scale.pairs + 1)]
        archive = (await centres.requester.download(exchange, centres.home / "archive.zip")).path
        with nginx(centres.home / "nginx", centres.tls) as server:
            (server.files / archive.name).hardlink_to(archive)
            servings = [await _served(centres, exchange, server) for _ in range(scale.pairs + 1)]
        openings = [await asyncio.to_thread(_opened, archive, password) for _ in range(scale.pairs + 1)]
    return {
        "serving": _serving(scale, servings[1:]),
        "download": _row(scale, "download of an archive by the library against curl, over TLS", downloads),
        "opening": _row(scale, "opening and verifying against `7z x` and the same SHA-256", openings),
    }


def _row(scale: Scale, what: str, turns: list[Watch]) -> Row:
    parts = [watch.parts for watch in turns[1:]]  # the first warms both
    theirs = [sum(turn.values()) - turn["library"] for turn in parts]
    raw: dict[str, object] = {"bytes": scale.upload_bytes}
    raw |= {f"{name}_seconds": [turn[name] for turn in parts] for name in parts[0]}
    return Row(what, ratio_of_pairs([turn["library"] for turn in parts], theirs), at_most=1.5, raw=raw)


def _serving(scale: Scale, turns: list[tuple[float, float]]) -> Row:
    """By bytes a processor second, so that more is better."""
    hub, other = zip(*turns, strict=True)
    raw: dict[str, object] = {"bytes": scale.upload_bytes, "hub_processor_s": hub, "nginx_processor_s": other}
    what = "bytes that the hub serves a processor second against nginx, over TLS"
    return Row(what, ratio_of_pairs(other, hub), at_least=0.35, raw=raw)


async def _served(centres: Centres, exchange: UUID, server: Nginx) -> tuple[float, float]:
    """Processor seconds of the hub and of nginx."""
    nothing, took = Path(os.devnull), []
    for pid, command in (
        (centres.stage.pid("serve"), await _curl_from_hub(centres, exchange, nothing)),
        (server.pid, _curl(centres, nothing, f"{server.url}/archive.zip")),
    ):
        before = processor_seconds(pid)
        await asyncio.to_thread(subprocess.run, command, check=True)
        took.append(round(processor_seconds(pid) - before, 2))
    return took[0], took[1]


def _curl(centres: Centres, target: Path, url: str) -> list[str]:
    command = ["curl", "--silent", "--show-error", "--fail", "--http1.1", "--output", str(target), url]
    return [*command, "--cacert", str(centres.tls.certificate)]


async def _curl_from_hub(centres: Centres, exchange: UUID, target: Path) -> list[str]:
    calls, url = centres.requester._calls, f"{centres.stage.url}/v1/exchanges/{exchange}/archive"
    headers = calls.caller.headers("GET", url, await calls.token(), datetime.now(UTC), {})
    said = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
    return [*_curl(centres, target, url), *said]


async def _downloaded(centres: Centres, exchange: UUID) -> Watch:
    watch, target = Watch(), centres.home / "fetched.zip"
    command = await _curl_from_hub(centres, exchange, target)
    with watch.on("curl"):
        await asyncio.to_thread(subprocess.run, command, check=True)
    target.unlink()
    with watch.on("library"):
        await centres.requester.download(exchange, target)
    target.unlink()
    return watch


def _opened(archive: Path, password: str) -> Watch:
    watch, into = Watch(), archive.with_name("opened")
    command = [seven_zip(), "x", f"-p{password[:PASSWORD_SYMBOLS]}", f"-o{into}", str(archive)]
    with watch.on("7z"):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with watch.on("sha256_of_documents"):
        for document in into.glob("dok-*"):
            _sha256(document)
    shutil.rmtree(into)
    with watch.on("sha256_of_archive"):
        _sha256(archive)
    with watch.on("library"):
        open_parcel(archive, password, into)
    shutil.rmtree(into)
    return watch


def _sha256(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")
