"""The web application: settings in, Litestar out; one list of every room's routes."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, get_args

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.plugins.prometheus import PrometheusConfig
from litestar.types import ASGIApp

from hub.access.authorization import AuthorizationServer
from hub.access.challenge import HANDLERS as CHALLENGES
from hub.access.published import DOORS
from hub.access.routes import HEADS
from hub.access.routes import ROUTES as ACCESS
from hub.agis.routes import ROUTES as REGISTRATIONS
from hub.board.board import Board
from hub.board.casework.news import News
from hub.board.routes.router import pages
from hub.duties.routes import ROUTES as DUTIES
from hub.evidence.routes import ROUTES as EVIDENCE
from hub.exchange.routes import ROUTES as EXCHANGE
from hub.identities.routes import ROUTES as IDENTITIES
from hub.kernel.ids import CentreId
from hub.matters import routes as matters
from hub.oversight.routes import ROUTES as OVERSIGHT
from hub.parts import Parts, assemble
from hub.passwords.routes import gateway_reports, heads
from hub.people.store import described
from hub.plans.routes import ROUTES as PLANS
from hub.plumbing import logs, measures, standard_time
from hub.proofs.routes import ROUTES as PROOFS
from hub.reconciliation.routes import ROUTES as RECONCILIATION
from hub.settings import Settings
from hub.training.routes import ROUTES as TRAINING
from hub.transfers.routes import ROUTES as TRANSFERS
from hub.web.calls import Http, View
from hub.web.connections import Connections
from hub.web.door import bounding_heads, door
from hub.web.heard_first import hearing_first
from hub.web.hearing_out import hearing_out
from hub.web.manners import mannered
from hub.web.numbering import numbered
from hub.web.openapi import Published
from hub.web.problems import HANDLERS
from hub.web.ranges import HANDLERS as RANGES
from hub.web.routes import ROUTES as WEB
from hub.web.strangers import bounding_strangers
from hub.web.turns import in_turn
from hub.workflows import WORKFLOWS
from saikne_schemas import wire
from saikne_schemas.vocabulary import Scope

THREAD_TURN_SECONDS = 0.0005
"""How long a thread may keep the interpreter while the event loop waits for it; Python's default is ten
times that, and small requests would feel every upload."""
DESCRIBED_AFTER_SECONDS = 30.0
"""The API's description takes a second to write: not while those are served who waited for the hub to start.
Whoever asks for it sooner has it written then."""


_PUBLISHED = Published(DOORS)
_OPENAPI = OpenAPIConfig(
    title="Saikne",
    version="1",
    description="Exchange of case files between Latvian out-of-family-care support centres.",
    path="/schema",
    render_plugins=[_PUBLISHED],
    use_handler_docstrings=True,
    tags=[
        Tag(name="exchange", description="A request for copies and its answer."),
        Tag(name="proofs", description="A centre's own proofs, which its statements name."),
        Tag(name="identities", description="Who is meant, sealed from centre to centre."),
        Tag(name="transfers", description="A family or a child changes centre; whom to tell."),
        Tag(name="duties", description="What is owed by a day."),
        *(
            Tag(name=workflow.kind.value, description=(workflow.view.__doc__ or "").partition("\n")[0])
            for workflow in WORKFLOWS
        ),
        Tag(name="registrations", description="A family's move on its way into AĢIS, by machine."),
        Tag(
            name="reconciliation", description="The register beside the hub: extracts, differences, a month."
        ),
        Tag(name="matters", description="What centres deal with beside requests for copies, in one list."),
        Tag(name="centres", description="Who takes part."),
        Tag(name="evidence", description="A centre's own chain of events."),
        Tag(
            name="OAuth", description="Tokens, of a centre's system and of its people: private_key_jwt, DPoP."
        ),
        Tag(name="gateway", description="What the SMS gateway reports; no centre calls it."),
        Tag(name="hub", description="Is it up, and what does a problem's code mean."),
    ],
    components=Components(
        security_schemes={
            "dpop": SecurityScheme(
                type="http",
                scheme="DPoP",
                description="RFC 9449; what changes anything is also signed (RFC 9421).",
            )
        }
    ),
)


_COUNTING = PrometheusConfig(app_name="hub", prefix=measures.PREFIX, group_path=True)
"""Requests by method, address as it is declared, and status."""

_ROUTES: tuple[Any, ...] = (
    *(*WEB, *ACCESS, *EVIDENCE, *PROOFS, *IDENTITIES),
    *(*EXCHANGE, *TRANSFERS, *DUTIES, *OVERSIGHT, *REGISTRATIONS, *RECONCILIATION, *PLANS, *TRAINING),
)


def create_app(parts: Parts) -> Litestar:
    wire.build()
    gatekeeper = parts.office.gatekeeper

    async def caller_centre(request: Http) -> CentreId:
        return (await gatekeeper.caller(request, scope=frozenset(Scope))).centre

    async def caller_tenant(request: Http) -> CentreId:
        return (await gatekeeper.caller(request, scope=frozenset(Scope))).tenant

    connections = Connections(parts.bounds)
    server = AuthorizationServer(parts.database, parts.keyring, parts.settings.public_url, described)
    board = Board(parts.people, parts.office, News(parts.database))
    provided = {
        "board": board,
        "office": parts.office,
        "cabinet": parts.cabinet,
        "database": parts.database,
        "gatekeeper": parts.office.gatekeeper,
        "keyring": parts.keyring,
        "authorization_server": server,
        "calendars": parts.office.calendars,
        "matters": parts.office,
        "plans": parts.plans,
        "readiness": parts.readiness,
        "register_pace": parts.register_pace,
    }

    app = Litestar(
        [
            *_ROUTES,
            *matters.routes(WORKFLOWS),
            gateway_reports(parts.database, parts.report_secret),
            pages(board),
        ],
        dependencies={
            **{name: _constant(value) for name, value in provided.items()},
            "caller_centre": Provide(caller_centre),
            "caller_tenant": Provide(caller_tenant),
        },
        response_class=View,
        exception_handlers={**HANDLERS, **CHALLENGES, **RANGES},
        middleware=[*([_COUNTING.middleware] if parts.settings.metrics_bind else ()), hearing_out],
        logging_config=None,  # the framework would put handlers of its own before those of `plumbing.logs`
        lifespan=[_living(parts, connections)],
        openapi_config=_OPENAPI,
        request_max_body_size=1_000_000,
    )
    _count_from_nought()
    app.asgi_handler = _around(app.asgi_handler, parts, connections)
    return app


def _living(
    parts: Parts, connections: Connections
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """What runs beside the calls, as long as the process serves."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        sys.setswitchinterval(THREAD_TURN_SECONDS)
        loop = asyncio.get_running_loop()
        async with standard_time.kept(parts.database):
            with connections.watched():
                to_describe = loop.call_later(
                    DESCRIBED_AFTER_SECONDS, loop.run_in_executor, None, _PUBLISHED.prepare, app
                )
                yield
                to_describe.cancel()
        await parts.close()

    return lifespan


def _around(answering: ASGIApp, parts: Parts, connections: Connections) -> ASGIApp:
    """What stands before routing, from the inside out: the framework's own middleware begins behind that."""
    heard = hearing_first(in_turn(answering), {**HEADS, **heads(parts.report_secret)})
    bounded = bounding_strangers(heard, parts.settings.limits.strangers)
    mannerly = mannered(bounding_heads(bounded), parts.settings.public_url)
    proxies = parts.settings.proxies
    far = wrap_asgi_with_proxy_headers(mannerly, proxies) if proxies else mannerly
    return numbered(door(far, connections, parts.wait))


def _count_from_nought() -> None:
    """A statement of a kind that nobody has sent yet is counted as none, not left out."""
    for workflow in WORKFLOWS:
        for said in (workflow.opening.statement, *(verb.statement for verb in workflow.verbs)):
            measures.STATEMENTS.labels(*get_args(said.model_fields["schema_"].annotation))


def _constant(value: object) -> Provide:
    return Provide(lambda: value, use_cache=True, sync_to_thread=False)


def from_environment() -> Litestar:
    """What the server's processes run."""
    logs.take_over()
    return create_app(assemble(Settings()))
