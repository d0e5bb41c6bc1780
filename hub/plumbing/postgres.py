"""Where PostgreSQL is, and how a connection to it is secured: one answer for every connection of the hub.

Beyond this machine the server proves by a certificate who it is, unless the operator has said that the
network is private. libpq's words in a URL (`sslmode` and its kin) mean here what they mean to libpq, or are
refused: each driver would read them its own way. Source: security.md; RFC 9525.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from hub.kernel.refusal import Refusal
from hub.plumbing.nearby import is_here
from hub.plumbing.unfit import Unfit, require_authorities, require_certificate

if TYPE_CHECKING:
    from sqlalchemy import URL

_SCHEMES = frozenset({"postgresql", "postgres"})
_HIGHEST_PORT = 65535
_IN_CLEAR = "disable"
_UNDERSTOOD = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey"})
_NOTED = ("ssl", "gss", "direct_tls", "dsn", "hostaddr")
"""How what is about TLS begins; the last two name a second address, which a driver may follow instead."""


class Tls(StrEnum):
    VERIFY_FULL = "verify-full"
    """A certificate of a known authority, in the server's own name."""
    VERIFY_CA = "verify-ca"
    """A certificate of a known authority in any name: where the authority is the operator's own."""
    OFF = "off"


class DatabaseInClear(Refusal):
    """The database is on another machine, and nobody has said that the network between is private."""

    code = "settings.database-in-clear"


class DatabaseTlsUnclear(Refusal):
    """What the URL says of TLS proves nothing, is not understood, or contradicts the setting."""

    code = "settings.database-tls-unclear"


@dataclass(frozen=True, slots=True)
class Reach:
    """One address of a database, in the words of each library, and the TLS of every connection to it."""

    url: "URL"
    """For SQLAlchemy with asyncpg."""
    tls: ssl.SSLContext | bool

    @property
    def dsn(self) -> str:
        """For asyncpg alone."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)


def secured(url: str, tls: Tls | None, roots: Path | None) -> str:
    """The URL with its TLS said in it, as the settings want it; refuses what is open and what is unclear."""
    parsed = _parsed(url)
    said = _said(parsed)
    mode = said.get("sslmode")
    set_ = tls and (_IN_CLEAR if tls is Tls.OFF else tls.value)
    if mode not in {None, _IN_CLEAR, Tls.VERIFY_CA, Tls.VERIFY_FULL}:
        raise DatabaseTlsUnclear(parameter=f"sslmode={mode}")
    if mode and set_ and mode != set_:
        raise DatabaseTlsUnclear(parameter=f"sslmode={mode}", setting=f"HUB_DATABASE_TLS={tls}")
    if roots and said.get("sslrootcert", str(roots)) != str(roots):
        raise DatabaseTlsUnclear(parameter="sslrootcert", setting="HUB_DATABASE_ROOTS")
    wanted = mode or set_ or _by_place(parsed)
    if wanted == _IN_CLEAR and tls is not Tls.OFF and (away := _away(parsed)):
        raise DatabaseInClear(host=away)
    _require_files(said)
    more = {"sslmode": wanted, **({"sslrootcert": str(roots)} if roots else {})}
    return parsed.update_query_dict(more).render_as_string(hide_password=False)


def reach(url: str) -> Reach:
    """How to connect; what the URL leaves open follows from where the database is."""
    parsed = _parsed(url).set(drivername="postgresql+asyncpg")
    said = _said(parsed)
    mode = said.get("sslmode") or _by_place(parsed)
    bare = parsed.difference_update_query(_UNDERSTOOD)
    return Reach(bare, mode != _IN_CLEAR and _context(mode, said))


def _context(mode: str, said: Mapping[str, str]) -> ssl.SSLContext:
    if mode not in {Tls.VERIFY_CA, Tls.VERIFY_FULL}:
        raise DatabaseTlsUnclear(parameter=f"sslmode={mode}")
    roots = said.get("sslrootcert")
    context = ssl.create_default_context(cafile=None if roots in {None, "system"} else roots)
    context.check_hostname = mode == Tls.VERIFY_FULL
    if certificate := said.get("sslcert"):
        context.load_cert_chain(certificate, said.get("sslkey"))
    return context


def _require_files(said: Mapping[str, str]) -> None:
    roots, certificate = said.get("sslrootcert"), said.get("sslcert")
    if roots not in {None, "system"}:
        require_authorities(Path(str(roots)))
    if certificate is not None:
        require_certificate(Path(certificate), Path(said.get("sslkey", certificate)))


def _parsed(url: str) -> "URL":
    from sqlalchemy import make_url  # half of what a command takes to start; most say nothing of a database
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the words of either hold a part of the URL, maybe of a password
        raise Unfit("database") from None
    if parsed.get_backend_name() not in _SCHEMES or not 0 <= (parsed.port or 0) <= _HIGHEST_PORT:
        raise Unfit("database")
    return parsed


def _said(url: "URL") -> dict[str, str]:
    """What the URL says of TLS, each once; nothing that leads past it."""
    said = {name: value for name, value in url.query.items() if name.lower().startswith(_NOTED)}
    for name, value in said.items():
        if name not in _UNDERSTOOD or not isinstance(value, str):
            raise DatabaseTlsUnclear(parameter=name)
    return {name: str(value) for name, value in said.items()}


def _by_place(url: "URL") -> str:
    return Tls.VERIFY_FULL if _away(url) else _IN_CLEAR


def _away(url: "URL") -> str | None:
    """The first host that is not this machine: of the URL, or of the environment, where drivers look next."""
    named = [url.host] if url.host else []
    asked = url.query.get("host", ())
    named += [asked] if isinstance(asked, str) else asked
    if not named:
        named = [os.environ.get("PGHOST", ""), *("service" for _ in _services(url))]
    hosts = [host for each in named for host in each.split(",") if host]
    return next((host for host in hosts if not is_here(_without_port(host))), None)


def _services(url: "URL") -> list[str]:
    """A file of the client's may name any host."""
    return [str(name) for name in (url.query.get("service"), os.environ.get("PGSERVICE")) if name]


def _without_port(host: str) -> str:
    return host.rsplit(":", 1)[0] if host.count(":") == 1 else host
