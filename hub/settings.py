"""Everything that is set from outside, and the only reader of the environment (`HUB_*`)."""

import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.plumbing.nearby import require_tls
from hub.plumbing.postgres import Tls, secured
from hub.plumbing.unfit import Unfit, require_authorities
from hub.web.limits import Limits

_SHARE = Limits()
_BY_HTTP, _BY_MAIL = frozenset({"http", "https"}), frozenset({"smtp", "starttls", "smtps"})
_MAILBOX = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9.-]{1,190}", re.ASCII)
_HOST = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?", re.ASCII)
_OF_THE_SYSTEM = Path("system")


class Settings(BaseSettings):
    """Durations are ISO 8601 or seconds; sizes are bytes. A hub without any setting runs for a first look."""

    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path("saikne-hub"))
    """Keys, and, where no URLs are given, the embedded database and the object store."""
    database_tls: Tls | None = None
    """`verify-full` (default beyond this machine), `verify-ca`, or `off` where the network is private."""
    database_roots: Path | None = None
    """The authorities that a database's certificate may be of (PEM). Default: those of the system."""
    database_url: str | None = None
    """PostgreSQL; the application acts as role `hub_app` whoever logs in. None: the embedded server."""
    database_owner_url: str | None = None
    """For `hub migrate` and operator's commands, which act as `hub_owner`. Default: `database_url`."""
    database_connections: int = Field(default=10, ge=1)
    objects_url: str | None = None
    """`file:///…` or `s3://bucket/prefix` (credentials and endpoint from AWS_*). None: under `home`."""
    public_url: str = "http://127.0.0.1:8480"
    """How centres reach the hub: issuer of tokens and base of every signed target."""
    link_suffices: bool = False
    """The link of an invitation signs in by itself, for a first look; only at http://localhost."""
    bind: str = "127.0.0.1:8480"
    processes: int = Field(default=1, ge=1)
    metrics_bind: str | None = None
    """host:port at which Prometheus finds the figures of `serve` or `worker`; no caller belongs there."""
    promise_patience: timedelta = timedelta(hours=1)
    """A promise that is due for longer, and not kept, makes the hub not ready."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    connections: int = Field(default=8000, ge=1)
    """Held by one server process; fewer where the system allows it fewer open files."""
    connections_an_address: int = Field(default=512, ge=1)
    """Of those, from one address (IPv6: one /64); behind `proxies` it does not count."""
    head_time: timedelta = timedelta(seconds=10)
    """For the head of a call, and how long HTTP/1 waits for the next one; HTTP/2 twice as long."""
    body_silence: timedelta = timedelta(seconds=10)
    """A sender of any other body than a document is waited for so long, in all."""
    bytes_a_second: int = Field(default=8192, ge=1)
    """The slowest body: its sender is waited for a second more for each so many bytes."""
    stop_time: timedelta = timedelta(seconds=8)
    """What is under way when the server is stopped may still come to its end in this time."""

    plain_hosts: str = ""
    """Hosts that may be spoken to without TLS beyond this machine: names, with commas between."""

    smtp_url: str | None = None
    """`starttls://user:password@host:587`, `smtps://…`; `smtp://…` for a server next door."""
    mail_from: str = "saikne@localhost"
    sms_url: str | None = None
    """The gateway's address for messages: see deploy/ for the protocol."""
    sms_token: SecretStr = SecretStr("")
    sms_sender: str = "Saikne"
    sms_report_secret: SecretStr = SecretStr("")
    """`whsec_…` (Standard Webhooks): delivery reports are signed with it."""

    push_services: str = (
        "fcm.googleapis.com, updates.push.services.mozilla.com, *.push.apple.com, *.notify.windows.com"
    )
    """The hosts of browsers' push services that may be called, with commas between; `*.` stands for one name,
    a port is named where it is not 443. Empty: nobody is told by push messages."""

    attachment_bytes: int = Field(default=10_000_000, ge=0)
    """What is longer in a mail, as base64, is not attached: the mail carries a link that needs sign-in. So it
    is too where the mail server takes less (RFC 1870)."""
    trust_lists: Path | None = None
    """A folder with `tl.xml`, the trusted list or list of lists, those it leads to (`LV.xml`), and
    `signers.pem`, who signs it: by them signatures in files are traced. None: no signature is traced."""
    preparation_time: timedelta = timedelta(days=30)
    """An answer that is declared and never dispatched is discarded after this."""
    upload_silence: timedelta = timedelta(seconds=60)
    """A sender of a document who says nothing for longer has broken off; so has a reader of an archive."""
    payload_time: timedelta = timedelta(days=30)
    """How long an archive is kept after its confirmation (domain 2.5)."""

    centre_calls: int = Field(default=_SHARE.calls, ge=1)
    """Of one centre, in ten seconds, to one server process; what is more waits for the next ten."""
    centre_statements: int = Field(default=_SHARE.statements, ge=1)
    """Of those, the ones that state something."""
    centre_calls_at_once: int = Field(default=_SHARE.calls_at_once, ge=1)
    """In work for one centre in one process. More of them serve it quicker, and its neighbours slower."""
    centre_calls_waiting: int = Field(default=_SHARE.calls_waiting, ge=0)
    """For their turn, after their own centre's others; what is more is sent away for a second."""
    centre_uploads_at_once: int = Field(default=_SHARE.uploads_at_once, ge=1)
    """Files of one centre that one process takes at a time; the client library sends three."""
    centre_open_requests: int = Field(default=_SHARE.open_requests, ge=1)
    """Of one centre upon one other: requests that wait for an answer."""
    centre_unused_proofs_bytes: int = Field(default=_SHARE.unused_proofs_bytes, ge=0)
    """Of one centre's proofs that no statement has named; a small one counts as 64 KiB."""
    centre_prepared_bytes: int = Field(default=_SHARE.prepared_bytes, ge=0)
    """Of one centre's documents that are declared and not yet dispatched."""
    stranger_refusals: int = Field(default=_SHARE.strangers, ge=1)
    """Of calls that proved no caller, from one address (IPv6: one /64), in ten seconds, by one process."""
    proxies: str = ""
    """Addresses and networks, by commas, whose X-Forwarded-For is believed: the proxies before the hub."""

    register_first_pause: timedelta = timedelta(seconds=30)
    """After the first try at a registration that came to nothing; each further pause is twice as long."""
    register_longest_pause: timedelta = timedelta(hours=2)
    register_tries: int = Field(default=60, ge=1)
    """After so many a person decides; with the longest pauses five days."""

    @field_validator("database_roots")
    @classmethod
    def _holds_authorities(cls, roots: Path | None) -> Path | None:
        if roots is not None and roots != _OF_THE_SYSTEM:
            require_authorities(roots)
        return roots

    @field_validator("trust_lists")
    @classmethod
    def _holds_lists(cls, folder: Path | None) -> Path | None:
        if folder is None:
            return None
        try:
            require_authorities(folder / "signers.pem")
        except Unfit:
            raise Unfit("lists") from None
        if not (folder / "tl.xml").is_file():
            raise Unfit("lists")
        return folder

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _as_secured(cls, url: str | None, info: ValidationInfo) -> str | None:
        """What follows connects by the URL alone."""
        if not url or not {"database_tls", "database_roots"} <= info.data.keys():
            return url
        return secured(url, info.data["database_tls"], info.data["database_roots"])

    @field_validator("public_url", "smtp_url", "sms_url")
    @classmethod
    def _leads_somewhere(cls, url: str | None, info: ValidationInfo) -> str | None:
        """A wrong one is told at the start, not with the first letter."""
        if not url and info.field_name != "public_url":
            return None
        schemes = _BY_MAIL if info.field_name == "smtp_url" else _BY_HTTP
        if not _is_address(url or "", schemes):
            raise Unfit("address", schemes=", ".join(f"{scheme}://" for scheme in sorted(schemes)))
        return url

    @field_validator("objects_url")
    @classmethod
    def _is_a_store(cls, url: str | None) -> str | None:
        if url and not url.startswith(("file:", "s3:")):
            raise Unfit("store")
        return url

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, proxies: str) -> str:
        """What is none of them would be believed nothing, and nobody would be told."""
        try:
            for network in proxies.split(",") if proxies else ():
                ip_network(network.strip())
        except ValueError:
            raise Unfit("networks") from None
        return proxies

    @field_validator("push_services")
    @classmethod
    def _are_hosts(cls, services: str) -> str:
        """What is none would be called never, and nobody would be told."""
        if not all(_HOST.fullmatch(one.strip()) for one in services.split(",") if services.strip()):
            raise Unfit("hosts")
        return services

    @field_validator("mail_from")
    @classmethod
    def _is_a_mailbox(cls, sender: str) -> str:
        if not _MAILBOX.fullmatch(sender):
            raise Unfit("mailbox")
        return sender

    @field_validator("link_suffices")
    @classmethod
    def _only_at_home(cls, suffices: bool, info: ValidationInfo) -> bool:  # noqa: FBT001
        """Elsewhere two factors stand before every page."""
        host = urlsplit(str(info.data.get("public_url"))).hostname
        if suffices and host not in {"localhost", "127.0.0.1"}:
            raise Unfit("at_home")
        return suffices

    @model_validator(mode="after")
    def _nothing_in_clear(self) -> Self:
        named = {host.strip() for host in self.plain_hosts.split(",")}
        for setting in ("public_url", "smtp_url", "sms_url"):
            require_tls(f"HUB_{setting.upper()}", getattr(self, setting), except_for=named)
        return self

    @property
    def limits(self) -> Limits:
        return Limits(
            calls=self.centre_calls,
            statements=self.centre_statements,
            calls_at_once=self.centre_calls_at_once,
            calls_waiting=self.centre_calls_waiting,
            uploads_at_once=self.centre_uploads_at_once,
            open_requests=self.centre_open_requests,
            unused_proofs_bytes=self.centre_unused_proofs_bytes,
            prepared_bytes=self.centre_prepared_bytes,
            strangers=self.stranger_refusals,
        )

    @property
    def push_hosts(self) -> frozenset[str]:
        return frozenset(one.strip() for one in self.push_services.split(",") if one.strip())

    @property
    def keys_directory(self) -> Path:
        return self.home / "keys"

    @property
    def embedded_directory(self) -> Path:
        return self.home / "postgres"

    @property
    def objects(self) -> str:
        return self.objects_url or (self.home / "objects").resolve().as_uri()


def _is_address(url: str, schemes: frozenset[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:  # of a port that is none, or a bracket that is not closed
        return False
