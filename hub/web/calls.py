"""A call as the framework hands it on: a request and an answer of any kind, and their common scope."""

from typing import Any, cast

from litestar import Request, Response
from litestar.serialization import default_serializer
from litestar.types import Scope, Serializer
from pydantic import BaseModel

Http = Request[Any, Any, Any]
HttpAnswer = Response[Any]


class View(HttpAnswer):
    """What is shown writes itself as JSON; the framework would make dictionaries of it first."""

    def render(self, content: object, media_type: str, enc_hook: Serializer = default_serializer) -> bytes:
        if isinstance(content, BaseModel):
            return content.model_dump_json(by_alias=False).encode()
        return super().render(content, media_type, enc_hook)


def each(request: Http, name: str) -> list[str]:
    """Every value of a header: what may be sent once is sometimes sent twice."""
    wanted = name.encode("latin-1")
    return [value.decode("latin-1") for called, value in request.scope["headers"] if called == wanted]


def open_scope(scope: Scope) -> dict[str, Any]:
    """The same scope: the framework types only what it knows, and those along the way note more in it."""
    return cast("dict[str, Any]", scope)
