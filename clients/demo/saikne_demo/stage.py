"""A whole installation on one machine: database, hub, worker, a telephone, mailboxes, enrolled centres.

Real processes that speak real protocols on loopback, set up by the operator's own commands. The demo plays
its story here; so do the journey tests.
"""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

import httpx

from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment
from saikne.installation import Installation, kids
from saikne_demo.mailboxes import Mailbox
from saikne_demo.phone import Phone
from saikne_schemas.enrolment import Agreement, Contacts, LegalEntity
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.vocabulary import CalendarPolicy, Scope

START_SECONDS = 180.0
STOP_SECONDS = 15.0
_GLANCE_SECONDS = 0.05
HUB = (sys.executable, "-m", "hub")
"""The command, of the same installation of Python."""


class Running(Protocol):
    """A process that was started, as `subprocess.Popen` shows it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; `subprocess.TimeoutExpired` if it has not."""

    def send_signal(self, sig: int) -> None: ...


class NotStarted(RuntimeError):  # noqa: N818  # says what happened
    """A process of the installation did not come up; its log says why."""


class NotDone(RuntimeError):  # noqa: N818  # as above
    """A command of the operator's ended badly; what it said."""


@dataclass
class Stage:
    """One installation under `home`. Without `database_url` it runs on the embedded server."""

    home: Path
    database_url: str | None = None
    port: int = 0
    host: str = "127.0.0.1"
    """How it is called; a browser keeps no passkey for a number: it wants `localhost`."""
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
        self._running: dict[str, Running] = {}

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def set_up(self) -> None:
        """Start the telephone and the mailboxes, and make the database the hub's."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.phone.start()
        self.mailbox.start()
        self.install()

    def install(self) -> None:
        self.operate("migrate")

    def operate(self, *words: str) -> str:
        """One of the operator's commands; what it prints."""
        done = subprocess.run(  # noqa: S603  # our own command
            [*HUB, *words],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
        if done.returncode:
            raise NotDone(f"hub {' '.join(words)}: {done.stderr}")
        return done.stdout

    def start(self, *names: str) -> None:
        """Start `serve` and `worker`, or those named, and wait until the hub answers."""
        for name in names or ("serve", "worker"):
            self._running[name] = self.run(name)
        if "serve" in self._running:
            self._wait_until_it_answers()

    def run(self, name: str) -> Running:
        """Start `serve` or `worker` in a process group of its own, and go on."""
        with self.log(name).open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own command
                [*HUB, name],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

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
        self.stop_database()

    def stop_database(self) -> None:
        """That of its own the last process has stopped, unless that was killed."""
        noted = self.home / "postgres" / "postmaster.pid"
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(noted.read_text().split()[0]), signal.SIGINT)
            for _ in range(int(STOP_SECONDS / _GLANCE_SECONDS)):
                noted.stat()
                time.sleep(_GLANCE_SECONDS)

    @property
    def died(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, one in self._running.items() if one.poll() is not None), None)

    def log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def _environment(self) -> dict[str, str]:
        database = {"HUB_DATABASE_URL": self.database_url} if self.database_url else {}
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("HUB_")},
            "HUB_HOME": str(self.home),
            **database,
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
        deadline = time.monotonic() + START_SECONDS
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.monotonic() < deadline:
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
        known_as: UUID | None = None,
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
            known_as=known_as,
        )
        await self.admit(enrolment_file(enrolment, keys))
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

    async def admit(self, enrolment: bytes) -> None:
        """What the operator does with a centre's file, once its fingerprints were compared."""
        with NamedTemporaryFile(dir=self.home, suffix=".json") as file:
            file.write(enrolment)
            file.flush()
            await asyncio.to_thread(self.operate, "centre", "admit", file.name, "--yes")


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
