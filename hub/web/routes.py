"""What anyone may ask of the hub: is it alive, up, ready, and what does a problem's code mean."""

from html import escape
from typing import Literal

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from hub.plumbing.database import Database
from hub.web.openapi import open_to_all
from hub.web.readiness import NotReady, Readiness
from hub.web.status import STATUS
from hub.wording.catalogue import LANGUAGES, sentence

GroundName = Literal["database", "keys", "objects", "promises"]
_UP = {"200": {"content": {"application/json": {"schema": {"type": "object"}, "example": {"status": "ok"}}}}}


@get("/v1/health", operation_id="health", tags=["hub"], contract=open_to_all(answers=_UP))
async def health(database: NamedDependency[Database]) -> dict[str, str]:
    """Ready to work: the database answers. 503 when it does not."""
    await database.alone("SELECT 1")
    return {"status": "ok"}


@get("/v1/live", operation_id="live", tags=["hub"], contract=open_to_all(answers=_UP))
async def live() -> dict[str, str]:
    """The process answers; nothing else is looked at. For whoever restarts what hangs."""
    return {"status": "ok"}


@get("/v1/ready", operation_id="ready", tags=["hub"], contract=open_to_all(NotReady, answers=_UP))
async def ready(
    readiness: NamedDependency[Readiness], *, exclude: FromQuery[list[GroundName] | None] = None
) -> dict[str, str]:
    """Database, keys, object store and worker do their part. 503 names those that do not.

    `exclude`, once for each, leaves something out of the verdict.
    """
    missing = [ground.value for ground in await readiness.missing() if ground not in (exclude or ())]
    if missing:
        raise NotReady(not_ready=missing)
    return {"status": "ok"}


@get(
    "/problems/{code:str}",
    media_type=MediaType.HTML,
    operation_id="explainProblem",
    tags=["hub"],
    contract=open_to_all("http.not-found"),
)
async def explain(code: FromPath[str]) -> Response[str]:
    """What a problem's code means and what to do, in Latvian and English."""
    if code not in STATUS:
        raise NotFoundException
    said = "".join(_section(code, language) for language in LANGUAGES)
    page = f'<!doctype html><html lang="lv"><meta charset="utf-8"><title>{code}</title>{said}</html>'
    return Response(page, headers={"Content-Security-Policy": "default-src 'none'"})


def _section(code: str, language: str) -> str:
    said = sentence(code, language)
    told = f"<h1>{escape(said.title)}</h1><p>{escape(said.detail or '')}</p>"
    return f'<section lang="{language}">{told}</section>'


ROUTES: list[HTTPRouteHandler] = [health, live, ready, explain]
