"""Which way to the register a run takes: exactly one of a URL, a folder and a server, and what each needs.

Every option can stand in the environment as `AGIS_SYNC_…`, for services without a command line.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saikne.problems import LocalRefusal

if TYPE_CHECKING:
    from agis_sync.gateways import Gateway

Online = Annotated[str | None, typer.Option("--online", metavar="URL", envvar="AGIS_SYNC_ONLINE")]
TokenUrl = Annotated[str | None, typer.Option("--token-url", metavar="URL", envvar="AGIS_SYNC_TOKEN_URL")]
ClientId = Annotated[str | None, typer.Option("--client-id", envvar="AGIS_SYNC_CLIENT_ID")]
Secret = Annotated[Path | None, typer.Option("--secret", metavar="FILE", envvar="AGIS_SYNC_SECRET")]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", metavar="FILE", envvar="AGIS_SYNC_CERTIFICATE")
]
Key = Annotated[Path | None, typer.Option("--key", metavar="FILE", envvar="AGIS_SYNC_KEY")]
Authorities = Annotated[Path | None, typer.Option("--ca", metavar="FILE", envvar="AGIS_SYNC_CA")]
InFolder = Annotated[Path | None, typer.Option("--folder", metavar="DIR", envvar="AGIS_SYNC_FOLDER")]
Sftp = Annotated[
    str | None, typer.Option("--sftp", metavar="sftp://USER@HOST:PORT/PATH", envvar="AGIS_SYNC_SFTP")
]
Identity = Annotated[Path | None, typer.Option("--identity", metavar="FILE", envvar="AGIS_SYNC_IDENTITY")]
KnownHosts = Annotated[
    Path | None, typer.Option("--known-hosts", metavar="FILE", envvar="AGIS_SYNC_KNOWN_HOSTS")
]


class WayNotChosen(LocalRefusal):
    """None of the three ways was given, or more than one."""

    code = "way.not-chosen"


class WayIncomplete(LocalRefusal):
    """What the chosen way needs was not given; `given` names it."""

    code = "way.incomplete"


@dataclass(frozen=True)
class Way:
    """What was given, by option."""

    online: str | None
    token_url: str | None
    client_id: str | None
    secret: Path | None
    certificate: Path | None
    key: Path | None
    ca: Path | None
    folder: Path | None
    sftp: str | None
    identity: Path | None
    known_hosts: Path | None

    def gateway(self) -> "Gateway":
        chosen = [one for one in (self.online, self.folder, self.sftp) if one is not None]
        if len(chosen) != 1:
            raise WayNotChosen
        if self.online is not None:
            return self._over_http(self.online)
        return self._by_files()

    def _over_http(self, url: str) -> "Gateway":
        from agis_sync.gateways.online import Access, OnlineGateway

        if self.token_url is None or self.client_id is None or self.secret is None:
            raise WayIncomplete(given="--token-url, --client-id, --secret")
        if self.key is not None and self.certificate is None:
            raise WayIncomplete(given="--certificate")
        access = Access(
            url=url,
            token_url=self.token_url,
            client_id=self.client_id,
            secret=self.secret,
            certificate=self.certificate,
            key=self.key,
            authorities=self.ca,
        )
        return OnlineGateway(access)

    def _by_files(self) -> "Gateway":
        from agis_sync.gateways.files import FileGateway
        from agis_sync.gateways.places import Folder

        if self.folder is not None:
            return FileGateway(Folder(self.folder))
        from agis_sync.gateways.sftp import SftpPlace, sftp_access

        if self.sftp is None or self.identity is None or self.known_hosts is None:
            raise WayIncomplete(given="--identity, --known-hosts")
        return FileGateway(SftpPlace(sftp_access(self.sftp, self.identity, self.known_hosts)))
