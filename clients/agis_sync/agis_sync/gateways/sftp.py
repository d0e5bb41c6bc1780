"""A place on somebody else's server, over SFTP: whose server it is must be known, and a key opens it.

Source: features N10 (profile `file`). One connection, made when it is first needed and again after it broke.
"""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncssh

from agis_sync.gateways.findings import Trouble, Unanswered
from agis_sync.gateways.oddities import Lying
from agis_sync.gateways.places import READ_BYTES, unfinished
from saikne.home import is_private
from saikne.problems import LocalRefusal
from saikne_schemas.brought import FileFaulty, opened

CONNECT_SECONDS = 20
ANSWER_SECONDS = 60
_ACCESS = (asyncssh.PermissionDenied, asyncssh.HostKeyNotVerifiable, asyncssh.SFTPPermissionDenied)


class SftpAddressRefused(LocalRefusal):
    """An address that does not say who logs in where."""

    code = "sftp.address-refused"


class SftpFileRefused(LocalRefusal):
    """The identity or the known hosts cannot be used."""

    code = "sftp.file-refused"


@dataclass(frozen=True)
class SftpAccess:
    host: str
    port: int
    user: str
    root: str
    identity: Path
    known_hosts: Path


def sftp_access(url: str, identity: Path, known_hosts: Path) -> SftpAccess:
    """By `sftp://user@host:port/path` and the files that prove both sides; a password has no place in it."""
    parts = urlsplit(url)
    if parts.scheme != "sftp" or not parts.hostname or not parts.username or parts.password:
        raise SftpAddressRefused(given=parts.hostname or "")
    for path, opens in ((identity, asyncssh.read_private_key), (known_hosts, asyncssh.read_known_hosts)):
        try:
            opened(path).close()  # a pipe in its place would be waited for
            opens(str(path))
        except (FileFaulty, OSError, ValueError, asyncssh.KeyImportError) as error:
            raise SftpFileRefused(path=str(path), why="unreadable") from error
    if not is_private(identity):
        raise SftpFileRefused(path=str(identity), why="open")
    root = unquote(parts.path).rstrip("/")
    return SftpAccess(parts.hostname, parts.port or 22, unquote(parts.username), root, identity, known_hosts)


class SftpPlace:
    def __init__(self, access: SftpAccess) -> None:
        self._access = access
        self._connection: asyncssh.SSHClientConnection | None = None
        self._sftp: asyncssh.SFTPClient | None = None
        self._one_at_a_time = asyncio.Lock()

    async def lying(self, folder: str) -> list[Lying]:
        async with self._session() as sftp:
            listed = sftp.scandir(os.fsencode(self._at(folder)))  # asked by bytes, it names by bytes
            found = [_lying(one) async for one in listed]
            return sorted((one for one in found if one.name not in {".", ".."}), key=lambda one: one.name)

    async def read(self, path: str) -> bytes | None:
        async with self._session() as sftp:
            try:
                if not await _is_plain(sftp, self._at(path)):
                    return None
                async with sftp.open(self._at(path), "rb", encoding=None) as file:
                    content: bytes = await file.read(READ_BYTES)
                    return content
            except asyncssh.SFTPNoSuchFile:
                return None
            except asyncssh.SFTPPermissionDenied:  # of this file: it could be looked at
                raise Unanswered(Trouble.ODD_FILE) from None

    async def write(self, path: str, content: bytes) -> None:
        meanwhile = self._at(unfinished(path))
        async with self._session() as sftp:
            await _is_plain(sftp, self._at(path))
            try:
                async with sftp.open(meanwhile, "xb", encoding=None) as file:
                    await file.write(content)
                    await _synced(file)
                await _renamed(sftp, meanwhile, self._at(path))
            except asyncssh.SFTPError:
                await _gone(sftp, meanwhile)
                raise

    async def move(self, path: str, to: str) -> None:
        async with self._session() as sftp:
            try:
                if await _is_plain(sftp, self._at(path)):
                    await _renamed(sftp, self._at(path), self._at(to))
            except asyncssh.SFTPNoSuchFile:
                return

    async def remove(self, path: str) -> None:
        async with self._session() as sftp:
            if await _is_plain(sftp, self._at(path)):
                await _gone(sftp, self._at(path))

    async def make(self, folder: str) -> None:
        async with self._session() as sftp:
            if not await sftp.isdir(self._at(folder)):
                await sftp.makedirs(self._at(folder), exist_ok=True)

    async def close(self) -> None:
        async with self._one_at_a_time:
            await self._hang_up()

    def _at(self, path: str) -> str:
        return f"{self._access.root}/{path}"

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """The open session; its failures in the words of a place."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yield await self._open()
        except _ACCESS as error:
            raise Unanswered(Trouble.ACCESS) from error
        except asyncssh.SFTPNoSuchFile as error:
            raise Unanswered(Trouble.FOLDERS) from error
        except (asyncssh.Error, OSError) as error:
            raise Unanswered(Trouble.AWAY) from error

    async def _open(self) -> asyncssh.SFTPClient:
        async with self._one_at_a_time:
            if self._connection is None or self._sftp is None or self._connection.is_closed():
                await self._hang_up()
                self._connection = await asyncssh.connect(
                    self._access.host,
                    self._access.port,
                    username=self._access.user,
                    client_keys=[str(self._access.identity)],
                    known_hosts=str(self._access.known_hosts),
                    agent_path=None,
                    config=None,
                    preferred_auth="publickey",
                    connect_timeout=CONNECT_SECONDS,
                    keepalive_interval=15,
                )
                self._sftp = await self._connection.start_sftp_client()
            return self._sftp

    async def _hang_up(self) -> None:
        connection, self._connection, self._sftp = self._connection, None, None
        if connection is not None:
            connection.close()
            await connection.wait_closed()


def _lying(found: asyncssh.SFTPName) -> Lying:
    mode = found.attrs.permissions or 0
    return Lying(os.fsdecode(found.filename), stat.S_ISREG(mode), stat.S_ISDIR(mode))


async def _is_plain(sftp: asyncssh.SFTPClient, path: str) -> bool:
    """Whether there is a file; `ODD_FILE` where something else has its name."""
    try:
        mode = (await sftp.lstat(path)).permissions or 0
    except asyncssh.SFTPNoSuchFile:
        return False
    if not stat.S_ISREG(mode):
        raise Unanswered(Trouble.ODD_FILE)
    return True


async def _renamed(sftp: asyncssh.SFTPClient, path: str, to: str) -> None:
    """In one step where the server can; else what has the name is taken away first."""
    try:
        await sftp.posix_rename(path, to)
    except asyncssh.SFTPOpUnsupported:
        await sftp.stat(path)  # what is not there takes nothing away
        await _gone(sftp, to)
        await sftp.rename(path, to)


async def _synced(file: asyncssh.SFTPClientFile) -> None:
    """On the disk, where the server can say so."""
    try:
        await file.fsync()
    except asyncssh.SFTPOpUnsupported:
        return


async def _gone(sftp: asyncssh.SFTPClient, path: str) -> None:
    try:
        await sftp.remove(path)
    except asyncssh.SFTPNoSuchFile:
        return
