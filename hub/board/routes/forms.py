"""What a page's form or script sends, read by the one door for bodies: bounded, whole, nothing guessed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.web.bodies import whole
from hub.web.calls import Http
from hub.web.media_types import JSON, require

_FORM = "application/x-www-form-urlencoded"
BYTES_AT_MOST = 32_768
FIELDS_AT_MOST = 100


class Malformed(Refusal):
    """None of our pages sends this."""

    code = "http.refused"


@dataclass(frozen=True, slots=True)
class Form:
    said: Mapping[str, list[str]]

    def field(self, name: str, longest: int = 200) -> str:
        """As it was typed, without spaces around it; a repeated or over-long one is nothing."""
        values = self.said.get(name, [])
        return values[0].strip() if len(values) == 1 and len(values[0]) <= longest else ""

    def every(self, name: str) -> list[str]:
        """Of a field that may stand there several times."""
        return self.said.get(name, [])


async def form_of(request: Http) -> Form:
    require(request.headers.get("content-type"), {_FORM})
    body = await whole(request, BYTES_AT_MOST)
    try:
        said = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        raise Malformed from None
    return Form(said)


async def document_of(request: Http) -> JsonObject:
    """An object, from our own script."""
    require(request.headers.get("content-type"), {JSON})
    try:
        said = json.loads(await whole(request, BYTES_AT_MOST))
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(said, dict):
        raise Malformed
    return said
