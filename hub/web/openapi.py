"""What a call is published to take, to answer and to refuse, beside what the framework knows of it.

A handler says so itself: `contract=reads(...)`, `states(Manifest, ...)`, `uploads(...)`, `open_to_all(...)`.
Which doors there are, `Door` says; what each of them wants to see and may refuse, the composition root hands
in, because that is decided above (`access.published`). Every schema comes from the wire documents.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import cast

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.serialization import encode_json
from pydantic import BaseModel

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal
from hub.plumbing.database import DatabaseUnavailable
from hub.web.calls import Http
from hub.web.manners import EncodingNotTaken, HeadUnclear, TransferCodingNotTaken
from hub.web.media_types import JSON, MediaTypeNotTaken
from hub.web.status import STATUS
from hub.wording.catalogue import sentence

News = type[Refusal] | type[Outage] | str
"""A kind of refusal or outage, or the code of one that the framework itself gives."""

SCHEMAS = "#/components/schemas/"
_NOISE = ("deprecated", "allowEmptyValue", "allowReserved")
_RETRY = frozenset(
    {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE, HTTPStatus.TOO_MANY_REQUESTS}
)
_ETAG = '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'
_LANGUAGE = {"description": "`lv` or `en`, as Accept-Language prefers.", "schema": {"type": "string"}}
_RETRY_AFTER = {"description": "Seconds after which to try again.", "schema": {"type": "integer"}}


class Door(StrEnum):
    """Through which a call comes in."""

    OPEN = "open"
    READING = "reading"
    """A centre's system with an access token and a DPoP proof."""
    SIGNED = "signed"
    """The same, and the request is signed."""


@dataclass(frozen=True, slots=True)
class DoorRules:
    """What a door wants to see, may refuse, and tells those whom it does not let in."""

    security: list[JsonObject]
    parameters: list[JsonObject] = field(default_factory=list)
    refuses: tuple[News, ...] = ()
    challenges: JsonObject = field(default_factory=dict)
    """Headers of an answer 401."""


@dataclass(frozen=True, slots=True)
class Contract:
    door: Door
    refuses: tuple[News, ...] = ()
    takes: JsonObject | None = None
    """By media type, as in OpenAPI."""
    answers: Mapping[str, JsonObject] = field(default_factory=dict)
    """More about the answers than their types say, by status."""
    parameters: tuple[JsonObject, ...] = ()


def open_to_all(
    *refuses: News, takes: JsonObject | None = None, answers: Mapping[str, JsonObject] | None = None
) -> Contract:
    return Contract(Door.OPEN, refuses, takes, answers or {})


def reads(
    *refuses: News, answers: Mapping[str, JsonObject] | None = None, parameters: Iterable[JsonObject] = ()
) -> Contract:
    return Contract(Door.READING, refuses, None, answers or {}, tuple(parameters))


def states(manifest: type[BaseModel], *refuses: News) -> Contract:
    """A signed statement: its exact bytes are the request's body."""
    body = {"schema": {"$ref": SCHEMAS + manifest.__name__}}
    return Contract(Door.SIGNED, (MediaTypeNotTaken, *refuses), {JSON: body})


def uploads(media_types: Iterable[str], *refuses: News) -> Contract:
    """A signed request whose body is a document."""
    return Contract(Door.SIGNED, refuses, {name: {"schema": {"type": "string"}} for name in media_types})


def archives(*refuses: News) -> Contract:
    """Reading an archive, whole or from any byte."""
    content = {"content": {"application/zip": {"schema": {"type": "string"}}}}
    answers: dict[str, JsonObject] = {
        "200": {"description": "The archive. Its SHA-256 is the ETag.", **content},
        "206": {"description": "The bytes that were asked for.", **content},
        "304": {"description": "The archive is one of those that If-None-Match names."},
    }
    asked = [
        header(name, description, required=False, example=example)
        for name, description, example in (
            ("Range", "One range of bytes, to resume a download.", "bytes=1048576-"),
            ("If-Range", "The range only of the archive with this ETag, or else the whole.", _ETAG),
            ("If-Match", "Only the archive with one of these ETags.", _ETAG),
            ("If-None-Match", "Only an archive with another ETag than these.", _ETAG),
        )
    ]
    return reads("http.precondition-failed", *refuses, answers=answers, parameters=asked)


def header(name: str, description: str, *, required: bool = True, example: str | None = None) -> JsonObject:
    written = {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }
    return written if example is None else {**written, "example": example}


class Published(JsonRenderPlugin):
    """Serves the document that `schemas/json/openapi.json` holds."""

    def __init__(self, doors: Mapping[Door, DoorRules]) -> None:
        super().__init__()
        self._doors = doors

    def prepare(self, app: Litestar) -> None:
        """Write the document once, before anybody asks: it takes long enough for others to feel it."""
        if "published" not in app.state:
            app.state.published = encode_json(published(app, self._doors))

    def render(self, request: Http, openapi_schema: JsonObject) -> bytes:
        del openapi_schema
        self.prepare(request.app)
        return cast("bytes", request.app.state.published)


def published(app: Litestar, doors: Mapping[Door, DoorRules]) -> JsonObject:
    """The OpenAPI document: the framework's skeleton, completed by every handler's contract."""
    from saikne_schemas.export import components

    document: JsonObject = json.loads(encode_json(app.openapi_schema.to_schema()))
    handlers = {
        handler.operation_id: handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if isinstance(handler, HTTPRouteHandler)
    }
    told: set[str] = set()
    for path in document["paths"].values():
        for operation in path.values():
            handler = handlers[operation["operationId"]]
            told |= _complete(operation, handler, doors)
    document["components"]["parameters"] = {
        shown["name"]: shown for rules in doors.values() for shown in rules.parameters
    }
    document["components"]["schemas"] = components(SCHEMAS)
    document["components"]["examples"] = {code: {"value": _problem(code)} for code in sorted(told)}
    return document


def _complete(operation: JsonObject, handler: HTTPRouteHandler, doors: Mapping[Door, DoorRules]) -> set[str]:
    """Write a contract into an operation; returns the codes it may answer with."""
    contract: Contract = handler.opt["contract"]
    rules = doors[contract.door]
    operation["summary"] = handler.summary or operation.get("description", "").partition("\n")[0]
    if operation.get("description") == operation["summary"]:
        del operation["description"]
    del operation["deprecated"]
    operation["security"] = rules.security
    framework = [_query_or_path(parameter) for parameter in operation.get("parameters", [])]
    shared = [{"$ref": f"#/components/parameters/{shown['name']}"} for shown in rules.parameters]
    operation["parameters"] = [*framework, *contract.parameters, *shared]
    if contract.takes is not None:
        operation["requestBody"] = {"required": True, "content": _with_examples(contract.takes)}
    codes = {_code(news) for news in (*rules.refuses, *contract.refuses, DatabaseUnavailable, "http.failed")}
    codes |= {"http.head-too-large", HeadUnclear.code} | ({"http.refused"} if framework else set())
    if contract.takes is not None:
        codes |= {EncodingNotTaken.code, TransferCodingNotTaken.code}
        codes |= {"http.body-broken-off", "http.body-too-slow"}
    success = str(handler.status_code)
    answers = {success: _success(operation["responses"][success]), **_problems(codes, rules.challenges)}
    for status, more in contract.answers.items():
        answers[status] = {**answers.get(status, {}), **more}
    operation["responses"] = dict(sorted(answers.items()))
    return codes


def _query_or_path(parameter: JsonObject) -> JsonObject:
    """A parameter that may be left out is absent, never null."""
    kept = {name: value for name, value in parameter.items() if name not in _NOISE}
    schema = dict(kept["schema"])
    options = [option for option in schema.pop("oneOf", []) if option != {"type": "null"}]
    kept["schema"] = {**schema, **(options[0] if options else {})}
    return kept


def _success(response: JsonObject) -> JsonObject:
    kept = {name: value for name, value in response.items() if value}
    return {**kept, "content": _with_examples(kept["content"])} if "content" in kept else kept


def _with_examples(content: JsonObject) -> JsonObject:
    """Bodies by media type, each document of the wire with its example."""
    shown: JsonObject = {}
    for media_type, body in content.items():
        schema = body["schema"]
        name = (schema.get("items", schema).get("$ref") or "").removeprefix(SCHEMAS)
        example = _examples().get(name)
        more = {} if example is None else {"example": [example] if "items" in schema else example}
        shown[media_type] = {**body, **more}
    return shown


@cache
def _examples() -> Mapping[str, JsonObject]:
    """Loaded only here: a server that nobody asks for its description needs none of them."""
    from saikne_schemas.examples import EXAMPLES

    return {document.__name__: example for document, example in EXAMPLES.items()}


def _problems(codes: set[str], challenges: JsonObject) -> dict[str, JsonObject]:
    by_status: dict[int, list[str]] = {}
    for code in sorted(codes):
        by_status.setdefault(STATUS[code], []).append(code)
    return {str(status): _problem_answer(status, found, challenges) for status, found in by_status.items()}


def _problem_answer(status: int, codes: list[str], challenges: JsonObject) -> JsonObject:
    headers: JsonObject = {"Content-Language": _LANGUAGE}
    if status in _RETRY:
        headers["Retry-After"] = _RETRY_AFTER
    if status == HTTPStatus.UNAUTHORIZED:
        headers |= challenges
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    content = {"schema": {"$ref": SCHEMAS + "Problem"}, "examples": examples}
    listed = ", ".join(f"`{code}`" for code in codes)
    return {
        "description": f"{HTTPStatus(status).phrase}: {listed}.",
        "headers": headers,
        "content": {"application/problem+json": content},
    }


def _problem(code: str) -> JsonObject:
    said = sentence(code, "en")
    return {
        "type": f"/problems/{code}",
        "title": said.title,
        "status": STATUS[code],
        "code": code,
        "detail": re.sub(r"{\w+}", "…", said.detail or ""),
    }


def _code(news: News) -> str:
    return news if isinstance(news, str) else news.code
