"""A real SFTP server on loopback: one folder, one key that opens it, a host key that callers must know."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from saikne.home import write_private


@dataclass
class SftpServer:
    folder: Path
    identity: Path
    known_hosts: Path
    host_key: asyncssh.SSHKey
    user_key: asyncssh.SSHKey
    fails_on: str = ""
    """Files with this ending are refused their name."""
    forbids: str = ""
    """Files with this ending may be looked at and not read."""
    plain: bool = False
    """Without the extensions of OpenSSH."""
    port: int = 0
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"sftp://agis@127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """Listen, after a stop where it did before."""
        allowed = asyncssh.import_authorized_keys(self.user_key.export_public_key().decode())
        self.acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_host_keys=[self.host_key],
            authorized_client_keys=allowed,
            server_factory=lambda: _Greeter(self),
            sftp_factory=lambda channel: _Files(self, channel),
        )
        self.port = self.acceptor.get_port()

    async def stop(self) -> None:
        """Break off every connection and refuse new ones."""
        self.acceptor.close()
        for one in self.connections:
            one.abort()
        await self.acceptor.wait_closed()


class _Greeter(asyncssh.SSHServer):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.connections.append(conn)


class _Files(asyncssh.SFTPServer):
    def __init__(self, server: SftpServer, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        self._server = server
        super().__init__(channel, chroot=bytes(server.folder))

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if self._server.forbids and path.endswith(self._server.forbids.encode()):
            raise asyncssh.SFTPPermissionDenied("no")
        return super().open(path, pflags, attrs)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self._server.plain:
            raise asyncssh.SFTPOpUnsupported("unknown")
        if self._server.fails_on and newpath.endswith(self._server.fails_on.encode()):
            raise asyncssh.SFTPFailure("no")
        super().posix_rename(oldpath, newpath)

    def fsync(self, file_obj: object) -> None:
        if self._server.plain:
            raise asyncssh.SFTPOpUnsupported("unknown")
        super().fsync(file_obj)


@asynccontextmanager
async def running_sftp(folder: Path, keys: Path) -> AsyncIterator[SftpServer]:
    host, user = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    server = SftpServer(folder, keys / "identity", keys / "known_hosts", host, user)
    await server.start()
    write_private(server.identity, user.export_private_key())
    public = host.export_public_key().decode().strip()
    write_private(server.known_hosts, f"[127.0.0.1]:{server.port} {public}\n".encode())
    try:
        yield server
    finally:
        await server.stop()
