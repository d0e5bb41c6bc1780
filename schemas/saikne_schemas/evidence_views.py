"""A centre's own chain of events as the hub shows it: enough to check every link without the hub.

`hash` is SHA-256 over: the byte 0x02; `tenant` (16 bytes); `seq` and the microseconds of `at` since 1970 UTC
(8 bytes each, big-endian); the length of `kind` in UTF-8 (4 bytes) and `kind`; 0x01 and the exchange's id, or
17 zero bytes; SHA-256 of the body; `prev`. Before the first event stand 32 zero bytes.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from saikne_schemas.wire import Moment, Sha256, View


class LinkView(View):
    """Where a chain stands: keep it, and no one can write the chain anew unseen."""

    seq: int
    hash: Sha256


class EventView(View):
    seq: int
    at: Moment
    kind: str
    exchange: UUID | None = None
    body: Annotated[str, Field(description="base64 of the exact bytes: a JSON object of facts.")]
    prev: Sha256
    hash: Sha256


class EventPage(View):
    tenant: UUID
    """Whose chain it is; the hash binds it."""
    items: list[EventView]
    next: int | None = None
    """Pass as `after` to read on; absent on the last page."""
    head: LinkView | None = None
    """Where the chain ended when this page was read; absent while nothing has happened."""
