"""The simulated hub's side of registrations in AĢIS: what was said, what came sealed, what a job was given.

It judges no workflow: it keeps one registration a move and answers as the hub does, so that a test sees what
a client sent, and in which order.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from saikne_schemas.register_entries import registration_key
from tests.client.exchange_peer import Refused

AT = "2026-04-01T08:00:00Z"


@dataclass
class RegisterPeer:
    """`answer_call` is the whole of it."""

    view: dict[str, Any] = field(default_factory=lambda: {"machine": False, "keys": []})
    registrations: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By key: as the hub shows it."""
    sealed: dict[str, bytes] = field(default_factory=dict)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    statements: dict[str, bytes] = field(default_factory=dict)

    def answer_call(self, centre: UUID, path: str, query: dict[str, str], seen: Any) -> Any:
        _, _, room, *rest = path.split("/")
        if room == "register":
            return self.view
        if room == "family-moves":
            return self._stated(centre, rest[0], rest[1], seen)
        if not rest:
            return self._page(query)
        if rest[0] == "claims":
            return {"tasks": self.tasks, "next_at": AT}
        if rest[0] == "outcomes":
            return self._reported(json.loads(seen.body)["outcomes"])
        if rest[0] not in self.registrations:
            raise Refused(404, "agis.not-found")
        if rest[1:] == ["sealed"]:
            self._sealed(rest[0], seen)
        return self.registrations[rest[0]]

    def _stated(self, centre: UUID, matter: str, verb: str, seen: Any) -> dict[str, Any]:
        said = json.loads(seen.body)
        if self.statements.setdefault(said["id"], seen.body) != seen.body:
            raise Refused(409, "matters.identity-reused")
        if verb == "registration":
            self._prepared(centre, matter, said)
        else:
            known = self.registrations[said["key"]]
            state = "queued" if verb == "registration-again" else "withdrawn"
            known |= {"state": state, "withdrawn_because": said.get("reason")}
        return {"matter": matter, "workflow": "family_move", "state": "dated", "acceptance": "a.b.c"}

    def _prepared(self, centre: UUID, matter: str, said: dict[str, Any]) -> None:
        key = str(registration_key(UUID(matter), said["effective_on"], centre))
        known = self.registrations.get(key)
        if known is not None and known["sealed_sha256"] == said["sealed_sha256"]:
            return
        self.registrations[key] = {
            "key": key,
            "matter": matter,
            "centre": str(centre),
            "previous": str(centre),
            "effective_on": said["effective_on"],
            "operation": "transfer_support_centre",
            "revision": 1 if known is None else known["revision"] + 1,
            "state": "draft",
            "waits_for": "centre",
            "next_at": AT,
            "attempts": 0,
            "tried": [],
            "prepared_at": AT,
            "changed_at": AT,
            "register_key": said["register_key"],
            "sealed_sha256": said["sealed_sha256"],
            "sealed_erased": False,
        }

    def _sealed(self, key: str, seen: Any) -> None:
        known = self.registrations[key]
        if seen.headers["content-type"] != "application/jose":
            raise Refused(415, "request.media-type")
        if hashlib.sha256(seen.body).hexdigest() != known["sealed_sha256"]:
            raise Refused(422, "agis.other-seal")
        self.sealed[key] = seen.body
        known |= {"state": "queued", "waits_for": "job"}

    def _page(self, query: dict[str, str]) -> dict[str, Any]:
        fitting = [
            one for one in self.registrations.values() if query.get("state", one["state"]) == one["state"]
        ]
        start, limit = int(query.get("cursor", 0)), int(query["limit"])
        following = start + limit
        return {
            "items": fitting[start:following],
            "next": str(following) if following < len(fitting) else None,
        }

    def _reported(self, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
        taken = [{"key": one["key"], "attempt": one["attempt"], "state": one["result"]} for one in outcomes]
        return {"outcomes": taken, "acceptance": "a.b.c"}
