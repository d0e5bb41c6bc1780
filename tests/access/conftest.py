"""A small hub behind real HTTP: the OAuth endpoints, and one call of each sort behind the gatekeeper."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar, Request, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from hub.access.authorization import AuthorizationServer
from hub.access.caller import Gatekeeper
from hub.access.challenge import HANDLERS as CHALLENGES
from hub.access.routes import ROUTES
from hub.access.store import admit_key
from hub.centres import store as centres
from hub.evidence.event import EventKind
from hub.evidence.store import page, record
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Database
from hub.signing.keyring import Keyring
from hub.signing.signature import DigestMismatch
from hub.web.limits import Limits
from hub.web.problems import HANDLERS
from saikne_schemas.enrolment import Enrolment, PublicKey
from saikne_schemas.person_keys import Act
from saikne_schemas.vocabulary import Scope
from tests.access.centre_system import CentreSystem
from tests.conftest import Cluster

_QUIET = {"handlers": {name: {"class": "logging.NullHandler"} for name in ("console", "access")}}
Http = Request[Any, Any, Any]


@get("/v1/things/{name:str}")
async def read(request: Http, gatekeeper: NamedDependency[Gatekeeper], name: FromPath[str]) -> dict[str, Any]:
    caller = await gatekeeper.caller(request, scope=Scope.EXCHANGE)
    return {"name": name, "centre": str(caller.centre), "scopes": sorted(caller.scopes)}


@post("/v1/things")
async def state(request: Http, gatekeeper: NamedDependency[Gatekeeper]) -> dict[str, Any]:
    caller, statement = await gatekeeper.statement(request, scope=Scope.EXCHANGE)
    return {
        "centre": str(caller.centre),
        "body": statement.body.decode(),
        "base": statement.signature_base.decode(),
        "signature": statement.signature.hex(),
        "jwk": statement.public_jwk,
    }


@post("/v1/wishes")
async def wish(request: Http, gatekeeper: NamedDependency[Gatekeeper]) -> dict[str, Any]:
    """What people state who may ask or answer."""
    acts = frozenset({Act.ASK, Act.ANSWER})
    caller, statement = await gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    person = caller.person and str(caller.person)
    return {"centre": str(caller.centre), "person": person, "jwk": statement.public_jwk}


@post("/v1/questions", status_code=200)
async def ask(
    request: Http, gatekeeper: NamedDependency[Gatekeeper], database: NamedDependency[Database]
) -> dict[str, str]:
    """What a person may who may ask; it is written on the centre's chain."""
    caller, _ = await gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=frozenset({Act.ASK}))
    await asyncio.sleep(0)  # others come between
    async with database.transaction([caller.centre]) as tx:
        (link,) = (await record(tx, EventKind.REQUEST_OPENED, [caller.centre], None, {})).values()
        (event,) = await page(tx, caller.centre, link.seq - 1, 1)
    return {
        "person": str(caller.person or ""),
        "recorded": json.loads(event.body).get("person", ""),
    }


@put("/v1/things/{name:str}", request_max_body_size=None)
async def upload(
    request: Http, gatekeeper: NamedDependency[Gatekeeper], name: FromPath[str]
) -> dict[str, Any]:
    caller, head = await gatekeeper.upload(request, scope=Scope.EXCHANGE)
    digest = hashlib.sha256()
    async for chunk in request.stream():
        digest.update(chunk)
    if digest.digest() != head.digest:
        raise DigestMismatch
    return {"name": name, "centre": str(caller.centre)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class SmallHub:
    url: str
    http: httpx.AsyncClient
    keyring: Keyring
    database: Database
    owner: Database

    async def enrol(self, *scopes: Scope, **keys: Any) -> CentreSystem:
        """An admitted centre with its two keys."""
        system = CentreSystem(self.url, **keys)
        written = {
            "schema": "saikne.enrolment/1",
            "id": str(system.centre),
            "role": "centre",
            "legal_entity": {"name": "Biedrība Atbalsts", "registration_number": "40008000102"},
            "name": "Atbalsta centrs",
            "contacts": {"notices": "centrs@example.org"},
            "calendar": "moved",
            "scopes": list(scopes or (Scope.EXCHANGE,)),
            "agreement": {"version": "1", "signed_on": "2026-01-05"},
            "keys": system.enrolled_keys(),
        }
        enrolment = Enrolment.model_validate_json(json.dumps(written))
        async with self.owner.transaction([CentreId(system.centre)]) as tx:
            await centres.add(tx, enrolment, clock.now())
            for key in enrolment.keys:
                await self.admit(tx, system, key)
        return system

    async def admit(self, tx: Any, system: CentreSystem, key: PublicKey) -> None:
        await admit_key(tx, centre=CentreId(system.centre), key=key, now=clock.now())

    async def as_owner(self, sql: str, *values: Any) -> None:
        async with self.owner.transaction() as tx:
            await tx.exec_driver_sql(sql, values)


@pytest.fixture(scope="module")
async def hub(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SmallHub]:
    """One hub for all tests of a file: every test enrols its own centres."""
    name = await cluster.create(template)
    database = Database(cluster.url(name), role=APP_ROLE, pool_size=5)
    owner = Database(cluster.url(name), role=OWNER_ROLE, pool_size=2)
    async with serving(database, owner, tmp_path_factory.mktemp("hub") / "keys") as small:
        yield small
    await database.close()
    await owner.close()
    await cluster.drop(name)


@asynccontextmanager
async def serving(
    database: Database, owner: Database, keys: Path, limits: Limits | None = None
) -> AsyncIterator[SmallHub]:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    keyring = Keyring(keys)
    gatekeeper = Gatekeeper(database, keyring, url, limits)
    authorization = AuthorizationServer(database, keyring, url)
    app = Litestar(
        [*ROUTES, read, state, wish, ask, upload],
        dependencies={
            "gatekeeper": Provide(lambda: gatekeeper, sync_to_thread=False),
            "authorization_server": Provide(lambda: authorization, sync_to_thread=False),
            "keyring": Provide(lambda: keyring, sync_to_thread=False),
            "database": Provide(lambda: database, sync_to_thread=False),
            "caller_centre": Provide(uuid4, sync_to_thread=False),
        },
        exception_handlers={**HANDLERS, **CHALLENGES},
        openapi_config=None,
    )
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_dictconfig=_QUIET)
    running = asyncio.create_task(server.serve())
    async with httpx.AsyncClient() as http:
        await _up(http, url)
        yield SmallHub(url, http, keyring, database, owner)
    server.stop()  # type: ignore[no-untyped-call]  # the library says no types
    await running


async def _up(http: httpx.AsyncClient, url: str) -> None:
    for _ in range(500):
        try:
            await http.get(f"{url}/oauth/jwks")
        except httpx.TransportError:
            await asyncio.sleep(0.01)
        else:
            return
    raise AssertionError("the hub did not come up")


@pytest.fixture
async def centre(hub: SmallHub) -> CentreSystem:
    return await hub.enrol(Scope.EXCHANGE, Scope.REGISTER)


@pytest.fixture
async def token(hub: SmallHub, centre: CentreSystem) -> str:
    return await centre.token(hub.http)
