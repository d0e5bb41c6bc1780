"""One exchange of the simulated hub: enough of its states to tell the client's story, no more."""

import base64
import hashlib
import json
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from saikne.passwords import check_symbol
from tests.client.archives import BODY, Entry, write_archive

if TYPE_CHECKING:
    from tests.client.hub_peer import HubPeer, Seen

NUMBER = "+37163000001"
AFTER = {"dispatch": "dispatched", "discard": "requested", "dispute": "disputed", "withdraw": "withdrawn"}


class Refused(Exception):  # noqa: N818  # the trade's word
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class ExchangePeer:
    hub: "HubPeer"
    request: dict[str, Any]
    accepted: dict[str, Any] = field(default_factory=dict)
    state: str = "requested"
    round: int = 0
    manifest: bytes = b""
    sealed: dict[int, bytes] = field(default_factory=dict)
    archive: bytes = b""
    late: bool = False
    missing: list[dict[str, Any]] = field(default_factory=list)
    dispute: str | None = None
    statements: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[bytes, Any]] = field(default_factory=dict)
    """Identity of a statement: its bytes and the answer it got."""

    @classmethod
    def begin(cls, hub: "HubPeer", seen: "Seen") -> "ExchangePeer":
        request = json.loads(seen.body)
        with hub.lock:
            exchange = hub.exchanges.setdefault(UUID(request["id"]), cls(hub, request))
        exchange.accepted = exchange._taken(request, seen)
        return exchange

    @property
    def sides(self) -> dict[UUID, str]:
        return {UUID(self.request["requester"]): "requester", UUID(self.request["holder"]): "holder"}

    def fits(self, centre: UUID, query: dict[str, str]) -> bool:
        role = self.sides.get(centre)
        return (
            role is not None
            and query.get("role", role) == role
            and self.state in query.get("state", self.state).split()
        )

    def answer_call(self, centre: UUID, rest: list[str], seen: "Seen") -> Any:
        if not rest:
            return self._view(centre)
        if rest[0] == "rounds":
            return self._document(int(rest[3]), seen)
        if seen.method == "POST":
            return self._statement(rest[0], json.loads(seen.body), seen)
        if rest[0] == "archive":
            return self.archive
        if rest[0] == "statements":
            return self.statements
        if self.state != "confirmed":
            raise Refused(404, "exchange.no-receipt")
        payload = {"exchange": self.request["id"], "documents": len(self.sealed)}
        return {"exchange": self.request["id"], "receipt": self.hub.sign("saikne-receipt+jws", payload)}

    def _statement(self, verb: str, said: dict[str, Any], seen: "Seen") -> Any:
        if said["id"] in self.answers:
            return self._taken(said, seen)
        if verb == "answer":
            self.round, self.manifest, self.state, self.sealed = self.round + 1, seen.body, "preparing", {}
        elif verb == "confirm":
            if said["archive_sha256"] != hashlib.sha256(self.archive).hexdigest():
                raise Refused(409, "exchange.other-archive")
            self.state = "confirmed"
        elif verb == "reveal":
            shown = {"password": f"{BODY}{check_symbol(BODY)}", "to": NUMBER}
            return shown | {"accepted": self._taken(said, seen)}
        else:
            self.state = AFTER.get(verb, self.state)
            self.dispute = said["reason"] if verb == "dispute" else None
        if verb == "dispatch":
            self.archive = self._sealed_archive()
        return self._taken(said, seen)

    def _taken(self, said: dict[str, Any], seen: "Seen") -> Any:
        """The same bytes get the same answer; others under the same identity are refused."""
        if said["id"] in self.answers:
            before, answer = self.answers[said["id"]]
            if before != seen.body:
                raise Refused(409, "exchange.identity-reused")
            return answer
        digest = hashlib.sha256(seen.body).hexdigest()
        acceptance = self.hub.sign("saikne-acceptance+jws", {"statement": {"sha256": digest}})
        answer = {"exchange": self.request["id"], "state": self.state, "acceptance": acceptance}
        self.answers[said["id"]] = (seen.body, answer)
        key = self.hub.signing_keys[seen.headers["x-key"]]
        author = (
            "requester"
            if said["schema"].split("/")[0] in {"saikne.request", "saikne.confirmation"}
            else "holder"
        )
        self.statements.append(
            {
                "id": said["id"],
                "kind": said["schema"],
                "author": self.request[author],
                "received_at": datetime.now(UTC).isoformat(),
                "manifest": base64.b64encode(seen.body).decode(),
                "signature_base": seen.headers["x-base"],
                "signature": seen.headers["signature"].split(":")[1],
                "public_key": {**key.public_jwk(), "kid": key.kid},
                "acceptance": acceptance,
            }
        )
        return answer

    def _document(self, number: int, seen: "Seen") -> Any:
        declared = json.loads(self.manifest)["documents"]
        wanted = declared[number - 1]
        if hashlib.sha256(seen.body).hexdigest() != wanted["sha256"] or number in self.sealed:
            raise Refused(409, "exchange.document-mismatch")
        with self.hub.lock:
            self.sealed[number] = seen.body
        awaited = [one["no"] for one in declared if one["no"] not in self.sealed]
        sizes = {"bytes": wanted["bytes"], "sha256": wanted["sha256"], "awaited": awaited}
        return {"exchange": self.request["id"], "round": self.round, "no": number} | sizes

    def _sealed_archive(self) -> bytes:
        said = next(
            one for one in reversed(self.statements) if base64.b64decode(one["manifest"]) == self.manifest
        )
        record = {name: said[name] for name in ("signature_base", "signature", "public_key")}
        record |= {"key_id": said["public_key"]["kid"], "sha256": hashlib.sha256(self.manifest).hexdigest()}
        entries = [Entry(f"dok-{number:02}.pdf", content) for number, content in sorted(self.sealed.items())]
        entries.append(Entry("manifest.json", self.manifest))
        entries.append(Entry("manifest.sig.json", json.dumps(record).encode()))
        entries.append(Entry("apliecinajums.txt", b"KOPIJA PAREIZA"))
        with tempfile.TemporaryDirectory() as directory:
            return write_archive(Path(directory) / "archive.zip", entries).read_bytes()

    def side(self, centre: UUID) -> dict[str, Any]:
        view = self._view(centre)
        other = "holder" if self.sides[centre] == "requester" else "requester"
        kept = ("id", "role", "state", "kind", "requested_at", "moved_at")
        return {name: view[name] for name in kept} | {
            "counterpart": view[other],
            "counterpart_name": view[f"{other}_name"],
            "due_on": view["term"]["due_on"],
            "overdue": self.late,
        }

    def overdue(self, centre: UUID) -> dict[str, Any]:
        view = self._view(centre)
        kept = ("role", "kind", "state", "requester", "requester_name", "holder", "holder_name")
        term = ("due_on", "alt_due_on", "calendar", "confirmed", "working_days_late")
        return {"exchange": view["id"]} | {n: view[n] for n in kept} | {n: view["term"][n] for n in term}

    def _view(self, centre: UUID) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        due = (datetime.now(UTC) + timedelta(days=-3 if self.late else 14)).date().isoformat()
        names = {f"{role}_name": self.hub.names.get(who, "") for who, role in self.sides.items()}
        asked = (
            "id",
            "kind",
            "requester",
            "holder",
            "legal_basis",
            "purpose",
            "receipt",
            "family",
            "children",
        )
        term = {
            "due_on": due,
            "alt_due_on": due,
            "starts_on": due,
            "basis": "method S78",
            "working_days": 10,
            "calendar": "statutory",
            "calendar_version": "1",
            "confirmed": not self.late,
            "overdue": self.late,
            "working_days_late": 2 if self.late else 0,
            "working_days_left": 0 if self.late else 10,
        }
        view = {name: self.request[name] for name in asked if name in self.request} | names
        view |= {
            "role": self.sides[centre],
            "state": self.state,
            "requested_at": now,
            "moved_at": now,
            "term": term,
        }
        return view | ({"answer": self._answer_view(now)} if self.round else {})

    def _answer_view(self, now: str) -> dict[str, Any]:
        declared = json.loads(self.manifest)["documents"]
        kept = ("no", "form", "subject", "spouse", "media_type", "bytes", "sha256")
        documents = [
            {n: one[n] for n in kept if n in one} | {"sealed_at": now if one["no"] in self.sealed else None}
            for one in declared
        ]
        answer: dict[str, Any] = {
            "round": self.round,
            "declared_at": now,
            "documents": documents,
            "missing": self.missing,
            "dispute": self.dispute,
        }
        if self.archive and self.state not in {"preparing", "requested"}:
            digest = hashlib.sha256(self.archive).hexdigest()
            answer |= {"dispatched_at": now, "archive_available": True}
            answer |= {"archive_bytes": len(self.archive), "archive_sha256": digest}
        return answer
