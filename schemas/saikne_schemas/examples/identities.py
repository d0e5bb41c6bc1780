"""Who is meant: what is inside the seal, and what the hub answers about the seal."""

from pydantic import BaseModel

from saikne_schemas.examples.case import EXCHANGE, HOLDER, REQUESTER
from saikne_schemas.examples.registrations import SEALED
from saikne_schemas.identities import Identity, SealedIdentity, SealedIdentityPage, SealedIdentitySent

SHA256 = "e5b844cc57f57094ea4585e235f36c78c1cd222262bb89d53c94dcb4d6b3e55d"
NAME = "2f6b1c7e-0a4d-4e83-9b52-c1d7e8f3a960"
_SEALED: dict[str, object] = {
    "id": NAME,
    "about": EXCHANGE,
    "author": REQUESTER,
    "sha256": SHA256,
    "sealed": SEALED,
    "sent_at": "2026-03-09T08:19:58Z",
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    Identity: {
        "schema": "saikne.identity/1",
        "spouses": [
            {"name": "Žanete Mežvējiņa", "code": "16117519997"},
            {"name": "Ansis Mežvējiņš", "code": "32867300679"},
        ],
        "address": "Meža iela 3-1, Jelgava, LV-3001",
        "children": [{"name": "Jānis Paraugs", "code": "33123456789", "reference": "B-0031"}],
    },
    SealedIdentitySent: {"id": NAME, "to": HOLDER, "sha256": SHA256},
    SealedIdentity: _SEALED,
    SealedIdentityPage: {"items": [_SEALED], "next": None},
}
