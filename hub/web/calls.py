"""A call as the framework hands it on: a request and an answer of any kind, and their common scope."""

from typing import Any, cast

from litestar import Request, Response
from litestar.types import Scope

Http = Request[Any, Any, Any]
HttpAnswer = Response[Any]


def open_scope(scope: Scope) -> dict[str, Any]:
    """The same scope: the framework types only what it knows, and those along the way note more in it."""
    return cast("dict[str, Any]", scope)
