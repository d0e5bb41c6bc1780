"""What a process of the hub is put together from, made from settings in one place.

The web application (`app`) and the worker (`timetable`) take the same parts; rooms get them handed down and
read no settings.
"""

import asyncio
import os
from dataclasses import dataclass

import structlog

from hub.access.caller import Gatekeeper
from hub.agis.tries import Pace
from hub.exchange.office import Office
from hub.kernel.secret import Secret
from hub.people.gateways.push_services import PushServices
from hub.people.office import PeopleOffice
from hub.plans.office import PlansOffice
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database
from hub.plumbing.outbound import Mail
from hub.plumbing.promises import longest_due
from hub.proofs.cabinet import Cabinet
from hub.proofs.gateways.examination import Examiners
from hub.settings import Settings
from hub.signing.keyring import Keyring
from hub.web.bodies import Wait
from hub.web.connections import Bounds, room_for
from hub.web.readiness import Ground, PromisesOverdue, Readiness
from hub.web.uploads import Entrance
from hub.workdays.casework import CalendarShelf

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    settings: Settings
    database: Database
    blobs: Blobs
    keyring: Keyring
    mail: Mail | None
    office: Office
    cabinet: Cabinet
    plans: PlansOffice
    people: PeopleOffice
    register_pace: Pace
    readiness: Readiness

    @property
    def sms_token(self) -> Secret:
        return Secret(self.settings.sms_token.get_secret_value())

    @property
    def report_secret(self) -> Secret:
        return Secret(self.settings.sms_report_secret.get_secret_value())

    @property
    def wait(self) -> Wait:
        """How long the sender of a body is waited for, whoever it is."""
        return Wait(self.settings.body_silence, self.settings.bytes_a_second)

    @property
    def bounds(self) -> Bounds:
        chosen = self.settings
        return Bounds(
            an_address=chosen.connections if chosen.proxies else chosen.connections_an_address,
            in_all=room_for(chosen.connections),
            rest=2 * chosen.head_time,  # HTTP/1 sees to its own heads, and rests, in half the time
            silence=chosen.upload_silence,
            bytes_a_second=chosen.bytes_a_second,
        )

    async def close(self) -> None:
        await self.people.providers.close()
        await self.people.push.close()
        await self.database.close()


def assemble(settings: Settings) -> Parts:
    """Everything a process needs; nothing is connected yet."""
    if settings.database_url is None:
        raise RuntimeError("no database: start through `hub serve` or `hub worker`, or set HUB_DATABASE_URL")
    database = Database(settings.database_url, pool_size=settings.database_connections)
    blobs = Blobs.from_url(settings.objects, {k: v for k, v in os.environ.items() if k.startswith("AWS_")})
    keyring = Keyring(settings.keys_directory)
    limits = settings.limits
    gatekeeper = Gatekeeper(database, keyring, settings.public_url, limits)
    upload_wait = Wait(settings.upload_silence, settings.bytes_a_second)
    office = Office(
        database=database,
        blobs=blobs,
        gatekeeper=gatekeeper,
        keyring=keyring,
        calendars=CalendarShelf(),
        payload_time=settings.payload_time,
        preparation_time=settings.preparation_time,
        upload_wait=upload_wait,
        entrance=Entrance(limits.uploads_at_once),
        limits=limits,
    )
    cabinet = Cabinet(
        *(database, blobs, gatekeeper, keyring, office.entrance, upload_wait),
        unused_bytes_at_most=limits.unused_proofs_bytes,
        examiners=Examiners(settings.trust_lists),
    )
    plans = PlansOffice(
        database=database,
        gatekeeper=gatekeeper,
        keyring=keyring,
        calendars=office.calendars,
        blobs=blobs,
        entrance=office.entrance,
        upload_wait=upload_wait,
        preparation_time=settings.preparation_time,
        attachment_bytes=settings.attachment_bytes,
    )
    people = PeopleOffice(
        *(database, keyring, settings.public_url),
        link_suffices=settings.link_suffices,
        push=PushServices(settings.push_hosts, f"mailto:{settings.mail_from}"),
    )
    mail = Mail.at(settings.smtp_url, settings.mail_from) if settings.smtp_url else None
    pace = Pace(settings.register_first_pause, settings.register_longest_pause, settings.register_tries)
    readiness = _readiness(settings, database, blobs, keyring)
    return Parts(settings, database, blobs, keyring, mail, office, cabinet, plans, people, pace, readiness)


def _readiness(settings: Settings, database: Database, blobs: Blobs, keyring: Keyring) -> Readiness:
    async def answers() -> None:
        await database.alone("SELECT 1")

    async def promises_kept() -> None:
        if await longest_due(database) > settings.promise_patience:
            raise PromisesOverdue

    return Readiness(
        {
            Ground.DATABASE: answers,
            Ground.KEYS: lambda: asyncio.to_thread(keyring.look),
            Ground.OBJECTS: blobs.look,
            Ground.PROMISES: promises_kept,
        }
    )
