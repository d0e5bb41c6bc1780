"""The register by files: what lies in `out/` and `in/` says where an entry is.

Source: features N10 (profile `file`); `saikne_schemas.register_files`. An entry counts from its `.sha256` on,
an acknowledgement too: what is not whole is left alone until it is, and never guessed at.
"""

import re
from datetime import datetime
from uuid import UUID

from agis_sync.gateways.findings import Finding, Trouble, Unanswered, judged, unknown, unsent
from agis_sync.gateways.oddities import Odd, odd_ones
from agis_sync.gateways.places import Place
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.register_files import (
    FileDamage,
    FileDamaged,
    answer_names,
    entry_files,
    entry_names,
    extract_names,
    extract_stem,
    read_answer_files,
    read_entry_files,
    read_extract_files,
    stem,
)
from saikne_schemas.register_files import entry_sha256 as digest_of
from saikne_schemas.register_words import JobResult, RegisterResult

OUT, IN, DONE = "out", "in", "in/done"
_FIRST_PAGE = re.compile(r"extract\.\d{8}T\d{6}\.\d{6}Z\.1\.sha256")


class FileGateway:
    def __init__(self, place: Place) -> None:
        self._place = place

    async def reach(self) -> list[Odd]:
        """Both folders are there; they are never made here: an empty mount point is not the register."""
        return [odd for folder in (OUT, IN) for odd in odd_ones(folder, await self._place.lying(folder))]

    async def ask(self, key: UUID, revision: int) -> RegisterAnswer | None:
        of = f"{key}.{revision}"
        answer = await self._acknowledged(of)
        if answer is not None:
            return answer
        sent = await self._lying(of)
        return None if sent is None else _in_progress(sent)

    async def send(self, entry: RegisterEntry) -> Finding:
        try:
            answer = await self._acknowledged(stem(entry))
            lying = await self._lying(stem(entry))
        except Unanswered as why:
            surely_not = why.trouble in {Trouble.AWAY, Trouble.ACCESS, Trouble.FOLDERS}
            return (unsent if surely_not else unknown)(why.trouble, why.again_in)
        if answer is not None:
            return judged(entry, answer)
        if lying is not None:
            return Finding(JobResult.PENDING) if lying == entry else unknown(Trouble.OTHER_CONTENT)
        return await self._written(entry)

    async def settle(self, entry: RegisterEntry) -> None:
        """The acknowledgement to `in/done`, its `.sha256` first; ours away, as the register has taken it."""
        await self._place.make(DONE)
        for name in reversed(answer_names(stem(entry))):
            await self._place.move(f"{IN}/{name}", f"{DONE}/{name}")
        for name in reversed(entry_names(stem(entry))):
            await self._place.remove(f"{OUT}/{name}")

    async def extract(self, page: int, taken_at: datetime | None) -> RegisterExtract:
        """A page as it lies in `in/`; without a moment of the extract that was taken last."""
        of = await self._newest_extract() if taken_at is None else extract_stem(taken_at, page)
        files = {name: await self._place.read(f"{IN}/{name}") for name in extract_names(of)}
        try:
            return read_extract_files(of, {name: one for name, one in files.items() if one is not None})
        except FileDamaged as damaged:
            absent = damaged.why is FileDamage.INCOMPLETE
            raise Unanswered(Trouble.NO_EXTRACT if absent else Trouble.DAMAGED) from None

    async def _newest_extract(self) -> str:
        """The stem of its first page; what has such a name and is no file does not hide the others."""
        lying = await self._place.lying(IN)
        sums = [one.name for one in lying if one.is_file and _FIRST_PAGE.fullmatch(one.name)]
        if not sums:
            raise Unanswered(Trouble.NO_EXTRACT)
        return max(sums).removesuffix(".sha256")

    async def close(self) -> None:
        await self._place.close()

    async def _written(self, entry: RegisterEntry) -> Finding:
        """A digest that lies there beside damaged files goes first: it must not count before the last."""
        *before, (last, sums) = entry_files(entry).items()
        try:
            await self._place.remove(f"{OUT}/{last}")
            for name, content in before:
                await self._place.write(f"{OUT}/{name}", content)
        except Unanswered as why:
            return unsent(why.trouble, why.again_in)
        try:
            await self._place.write(f"{OUT}/{last}", sums)
        except Unanswered as why:
            return unknown(why.trouble, why.again_in)
        return Finding(JobResult.PENDING)

    async def _acknowledged(self, of: str) -> RegisterAnswer | None:
        """The acknowledgement, when it is there and whole."""
        as_json, sums = answer_names(of)
        if (digest := await self._place.read(f"{IN}/{sums}")) is None:
            return None
        content = await self._place.read(f"{IN}/{as_json}")
        files = {sums: digest} | ({} if content is None else {as_json: content})
        try:
            return read_answer_files(of, files)
        except FileDamaged as damaged:
            trouble = Trouble.OF_ANOTHER_ENTRY if damaged.why is FileDamage.OTHER_NAME else Trouble.DAMAGED
            raise Unanswered(trouble) from None

    async def _lying(self, of: str) -> RegisterEntry | None:
        """Our own entry in `out/`, when it is whole; parts of one are written again."""
        files = {name: await self._place.read(f"{OUT}/{name}") for name in entry_names(of)}
        try:
            return read_entry_files(of, {name: one for name, one in files.items() if one is not None})
        except FileDamaged:
            return None


def _in_progress(sent: RegisterEntry) -> RegisterAnswer:
    return RegisterAnswer(
        schema_="saikne.register-answer/1",
        key=sent.key,
        revision=sent.revision,
        entry_sha256=digest_of(sent),
        result=RegisterResult.IN_PROGRESS,
    )
