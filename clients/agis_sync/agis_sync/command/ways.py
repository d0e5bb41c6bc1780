"""Which way to the register a run takes: exactly one of a URL, a folder and a server, and what each needs.

Every option can stand in the environment as `AGIS_SYNC_…`, for services without a command line.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saikne.problems import LocalRefusal

if TYPE_CHECKING:
    from agis_sync.gateways import Gateway


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


def _option(name: str, kind: type, metavar: str | None = None) -> inspect.Parameter:
    written = f"--{name.replace('_', '-')}"
    option = typer.Option(written, metavar=metavar, envvar=f"AGIS_SYNC_{name.upper()}")
    annotation = Annotated[kind | None, option]  # type: ignore[valid-type]  # a type as any other, at run time
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


_OPTIONS = (
    _option("online", str, "URL"),
    _option("token_url", str, "URL"),
    _option("client_id", str),
    *(_option(name, Path, "FILE") for name in ("secret", "certificate", "key", "ca")),
    _option("folder", Path, "DIR"),
    _option("sftp", str, "sftp://USER@HOST:PORT/PATH"),
    *(_option(name, Path, "FILE") for name in ("identity", "known_hosts")),
)


def by_a_way(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Give a verb the options of a way; its second parameter is the way."""
    signature = inspect.signature(function, eval_str=True)
    console, _way, *others = signature.parameters.values()

    @functools.wraps(function)
    def run(first: Any, **given: Any) -> Awaitable[None]:
        way = Way(**{one.name: given.pop(one.name) for one in _OPTIONS})
        return function(first, way, **given)

    run.__signature__ = signature.replace(parameters=[console, *others, *_OPTIONS])  # type: ignore[attr-defined]
    return run
