"""A whole installation on one machine: database, hub, worker, a telephone, mailboxes, enrolled centres.

Real processes that speak real protocols on loopback. The demo plays its story here; so do the journey tests.
"""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from hub.centres.enrolment import read_enrolment
from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.ops import schema
from hub.ops.admission import admit
from hub.ops.database import transaction
from hub.ops.demo.mailboxes import Mailbox
from hub.ops.demo.phone import Phone
from hub.plumbing import embedded
from hub.plumbing.database import OWNER_ROLE
from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment
from saikne.installation import Installation, kids
from saikne_schemas.enrolment import Agreement, Contacts, LegalEntity
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.vocabulary import CalendarPolicy, Scope

START_SECONDS = 180.0
STOP_SECONDS = 15.0


class NotStarted(RuntimeError):  # noqa: N818  # says what happened
    """A process of the installation did not come up; its log says why."""


@dataclass
class Stage:
    """One installation under `home`. Without `database_url` it runs on the embedded server."""

    home: Path
    database_url: str | None = None
    port: int = 0
    processes: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    """More `HUB_*` settings."""

    def __post_init__(self) -> None:
        self.port = self.port or _free_port()
        secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
        self._token = secrets.token_urlsafe(16)
        self.phone = Phone(token=self._token, webhook_secret=secret)
        self.mailbox = Mailbox()
        self._secret = secret
        self._embedded = False
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def set_up(self) -> None:
        """Bring up the database, install the schema, start the telephone and the mailboxes."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.phone.start()
        self.mailbox.start()
        if self.database_url is None:
            self._embedded = True
            server = embedded.start(self.home / "postgres")
            self.database_url, self.owner_url = server.app_url, server.admin_url
        else:
            self.owner_url = self.database_url
        asyncio.run(schema.install(self.owner_url))

    def start(self, *names: str) -> None:
        """Start `serve` and `worker`, or those named, and wait until the hub answers."""
        for name in names or ("serve", "worker"):
            with self.log(name).open("ab") as log:
                self._running[name] = subprocess.Popen(  # noqa: S603  # our own command
                    [sys.executable, "-m", "hub", name],
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "serve" in self._running:
            self._wait_until_it_answers()

    def kill(self, name: str) -> None:
        """SIGKILL a process and all its children, as a power cut would."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop everything in good order; the database last."""
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()
        self.phone.stop()
        self.mailbox.stop()
        if self._embedded:
            embedded.stop(self.home / "postgres")

    @property
    def died(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, one in self._running.items() if one.poll() is not None), None)

    def log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def _environment(self) -> dict[str, str]:
        assert self.database_url is not None  # noqa: S101  # set_up comes first
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("HUB_")},
            "HUB_HOME": str(self.home),
            "HUB_DATABASE_URL": self.database_url,
            "HUB_PUBLIC_URL": self.url,
            "HUB_BIND": f"127.0.0.1:{self.port}",
            "HUB_PROCESSES": str(self.processes),
            "HUB_SMTP_URL": f"smtp://{self.mailbox.host}:{self.mailbox.port}",
            "HUB_SMS_URL": self.phone.url,
            "HUB_SMS_TOKEN": self._token,
            "HUB_SMS_REPORT_SECRET": self._secret,
            **self.environment,
        }

    def _wait_until_it_answers(self) -> None:
        deadline = clock.now().timestamp() + START_SECONDS
        with httpx.Client(trust_env=False, timeout=5) as client:
            while clock.now().timestamp() < deadline:
                if self._running["serve"].poll() is not None:
                    break
                try:
                    if client.get(f"{self.url}/v1/health").is_success:
                        return
                except httpx.TransportError:
                    pass
                self._pause()
        told = self.log("serve").read_text(errors="replace")[-2000:]
        raise NotStarted(f"the hub did not answer at {self.url}:\n{told}")

    def _pause(self) -> None:
        try:
            self._running["serve"].wait(0.1)
        except subprocess.TimeoutExpired:
            return

    async def enrol(
        self,
        name: str,
        *,
        legal_entity: LegalEntity,
        contacts: Contacts,
        calendar: CalendarPolicy = CalendarPolicy.STATUTORY,
        oversight: bool = False,
        register_side: bool = False,
        scopes: Sequence[Scope] | None = None,
    ) -> Installation:
        """What a centre and the operator do once: keys and file on one side, admission on the other."""
        keys = CentreKeys.generate()
        enrolment = new_enrolment(
            keys,
            name=name,
            legal_entity=legal_entity,
            contacts=contacts,
            agreement=Agreement(version="2026-1", signed_on=date(2026, 1, 5)),
            calendar=calendar,
            oversight=oversight,
            register_side=register_side,
            scopes=scopes,
        )
        now = clock.now()
        proven = read_enrolment(enrolment_file(enrolment, keys), clock.riga_day(now))
        tenant = CentreId(enrolment.id)
        async with transaction(self.owner_url, OWNER_ROLE, [tenant, OVERSIGHT, REGISTRY]) as tx:
            await admit(tx, proven, now)
        installation = Installation(
            home=self.home / "centres" / str(enrolment.id),
            hub=self.url,
            centre=enrolment.id,
            name=name,
            legal_entity=legal_entity.name,
            scopes=tuple(enrolment.scopes),
            in_force=kids(keys),
        )
        installation.begin(keys)
        return installation


ZEMGALE = Contacts(
    notices="pazinojumi@zemgale.example",
    archive_email="lietas@zemgale.example",
    password_phone="+37120000001",  # noqa: S106  # a number, not a password
    password_email="vaditaja@zemgale.example",  # noqa: S106  # a mailbox
    voice_phone="+37163000001",
    authorised_persons=[AuthorisedPerson(name="Ilze Kalniņa", position="vadītāja")],
)
LIGZDA = Contacts(
    notices="pazinojumi@ligzda.example",
    archive_email="lietas@ligzda.example",
    password_phone="+37120000002",  # noqa: S106  # as above
    voice_phone="+37163000002",
    authorised_persons=[AuthorisedPerson(name="Solvita Krēsliņa", position="sociālā darbiniece")],
)
BERZKALNI = Contacts(
    notices="pazinojumi@berzkalni.example",
    archive_email="lietas@berzkalni.example",
    password_phone="+37120000003",  # noqa: S106  # as above
    voice_phone="+37163000003",
    authorised_persons=[AuthorisedPerson(name="Māra Ozola", position="sociālā darbiniece")],
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
