"""How a signed file is looked at on its way in: a copy in memory, a process of its own, a bound on both.

The clear bytes go into memory that no disk ever sees and that is gone when they were looked at. Few files are
looked at together; whatever does not end, or ends badly, was not looked at. What is given to the process:
`examiner`.
"""

import asyncio
import mmap
import os
import platform
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from hub.proofs.gateways.confinement import SECONDS
from hub.proofs.signed_file import LOOKED_AT_BYTES, Findings
from saikne_schemas.proofs import ProofMediaType

AT_ONCE = 2
_PATIENCE_SECONDS = 2 * SECONDS
_ANSWER_BYTES = 1 << 20
_PDF = "pdf"
_KINDS = {ProofMediaType.ASICE.value: "container", ProofMediaType.PDF.value: _PDF}
_LIBRARY = "pydigidoc"
_IN_A_SIGNED_PDF = b"/ByteRange"
"""In clear in every PDF that was ever signed: a signer fills in what it covers when all else is written. Most
PDFs bear none, and cost no process."""

log = structlog.get_logger(__name__)


class Copy:
    """A file in memory that it alone holds."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.number = os.memfd_create("signed-file")

    async def taking(self, blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same blocks, each kept here as it passes."""
        async for block in blocks:
            rest = memoryview(block)
            while rest:
                rest = rest[os.write(self.number, rest) :]
            yield block

    def forget(self) -> None:
        os.close(self.number)


class Examiners:
    """Look at signed files, a few at a time, by the trusted lists of a folder, if one is set."""

    def __init__(self, lists: Path | None = None) -> None:
        self._lists = lists
        self._threads = ThreadPoolExecutor(AT_ONCE, "examiner")
        self._able = sys.platform == "linux" and platform.machine() == "x86_64" and find_spec(_LIBRARY)

    def copy(self, media_type: str, size_bytes: int) -> Copy | None:
        """Where to keep what comes, if it is to be looked at; whoever takes one forgets it."""
        kind = _KINDS.get(media_type)
        return Copy(kind) if kind and self._able and size_bytes <= LOOKED_AT_BYTES else None

    async def look(self, copy: Copy) -> Findings | None:
        """What was found; None where the file could not be looked at."""
        loop = asyncio.get_running_loop()
        number = os.dup(copy.number)  # its own: who waits here may be gone before it ends
        return await loop.run_in_executor(self._threads, self._look, copy.kind, number)

    def _look(self, kind: str, number: int) -> Findings | None:
        try:
            if kind == _PDF and not _holds(number, _IN_A_SIGNED_PDF):
                return Findings(opened=True, lists=False, signatures=[])
            with TemporaryDirectory(prefix="examiner-") as place:
                furnish(Path(place), self._lists)
                found = Findings.model_validate_json(_ask(kind, number, place))
        except (OSError, subprocess.SubprocessError, ValueError) as trouble:
            log.warning("signed file not looked at", kind=kind, because=type(trouble).__name__)
            return None
        finally:
            os.close(number)
        if self._lists and not found.lists:
            log.warning("trusted lists not in force", folder=str(self._lists))
        return found


def _holds(number: int, words: bytes) -> bool:
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as content:
        return content.find(words) >= 0


def furnish(place: Path, lists: Path | None) -> None:
    """One folder for the schemas of the library and the lists, as it wants them: it writes beside them."""
    library = find_spec(_LIBRARY)
    schemas = Path(library.origin or "").parent / "schema" if library else place
    for source in (schemas, lists):
        for path in source.iterdir() if source else ():
            (place / path.name).symlink_to(path.resolve())


def _ask(kind: str, number: int, place: str) -> bytes:
    words = [sys.executable, "-I", "-m", "hub.proofs.gateways.examiner", kind, str(number), place]
    asked = subprocess.run(  # noqa: S603  # our own words
        words,
        env={"HOME": place},
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_PATIENCE_SECONDS,
        check=True,
    )
    return asked.stdout[:_ANSWER_BYTES]
