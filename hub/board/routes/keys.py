"""A person's own keys on the pages: made and ended by the person, compared and approved by a coordinator.

The key is made and used by `keys.js`; a browser that runs no scripts can still end one. What is signed is the
payload that the hub itself has written, so that a page signs nothing it does not show. Source: board.md 3.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NewType
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.access.tokens import LIFETIME
from hub.board.board import Board
from hub.board.routes.forms import Malformed, document_of
from hub.board.routes.visits import Visit, signed_in
from hub.kernel.clock import iso
from hub.kernel.documents import JsonObject
from hub.people import store
from hub.people.casework import keys, tokens
from hub.people.casework.keys import SecondSignature
from hub.people.key import LIVES, EndedBecause, may_have
from hub.people.office import Counter
from hub.people.person import NotAllowed, Person, PersonId
from hub.people.tables import KeyRow
from hub.signing.public_key import fingerprint
from hub.web.calls import Http, HttpAnswer, each
from saikne_schemas.person_keys import Act

State = NewType("State", str)
WAITS, COUNTS, ENDED = State("waits"), State("counts"), State("ended")


@dataclass(frozen=True, slots=True)
class Shown:
    """A key as the pages show it."""

    row: KeyRow
    state: State
    fingerprint: str
    payload: str
    """What whoever approves signs, as it stands in the file."""


def shown(row: KeyRow, counter: Counter) -> Shown:
    state = WAITS if keys.waits(row, counter) else COUNTS if keys.counts(row, counter) else ENDED
    return Shown(row, state, fingerprint(row.key_id), keys.payload_of(row))


async def of_people(counter: Counter, person: Person) -> Mapping[PersonId, Collection[Shown]]:
    """Every key of a centre's people, by person; asked in one query."""
    found: dict[PersonId, list[Shown]] = {}
    for row in await store.keys_of_centre(counter.tx, person.centre):
        found.setdefault(row.person_id, []).append(shown(row, counter))
    return found


def approving(held: Collection[Shown]) -> str:
    """The names of those by which others' are approved, for the script to look for in this browser."""
    manages = [one for one in held if one.state == COUNTS and Act.MANAGE_PEOPLE in one.row.acts]
    return " ".join(one.row.key_id for one in manages)


@get("/keys")
async def show_keys(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    person = looking.person
    async with board.people.counter_of(person) as counter:
        rows = await store.keys_of(counter.tx, person.centre, person.id)
        held = [shown(row, counter) for row in rows]
    return looking.page("keys", {"keys": held, "may": may_have(person)})


@post("/keys/options", status_code=200)
async def ask_for_key(board: NamedDependency[Board], request: Http) -> JsonObject:
    """What the new key is to be signed into: all but the key itself."""
    looking = await _proved(board, request)
    person = looking.person
    if not may_have(person):
        raise NotAllowed
    until = (looking.now + LIVES).replace(microsecond=0)
    return {
        "schema": "saikne.person-key/1",
        "id": str(uuid4()),
        "centre": str(person.centre),
        "person": str(person.id),
        "acts": sorted(person.acts),
        "until": iso(until),
    }


async def _proved(board: Board, request: Http) -> Visit:
    """From our own script, by somebody who has proved who he is a few minutes ago."""
    looking = await signed_in(board, request)
    looking.require_own()
    looking.require_proof()
    return looking


@post("/keys", status_code=200)
async def offer_key(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await _proved(board, request)
    said = await document_of(request)
    file, label = str(said.get("file", "")), str(said.get("label", ""))
    async with board.people.counter_of(looking.person) as counter:
        key = await keys.offer(counter, looking.person, file.encode(), label)
    return Response({"key": key})


@post("/keys/end", status_code=303)
async def end_own(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """At once, and without another proof: a key that is lost is not to wait."""
    looking = await signed_in(board, request)
    said = await looking.form()
    person = looking.person
    async with board.people.counter_of(person) as counter:
        row = await keys.of(counter, person.centre, person.id, said.field("key"))
        await keys.end(counter, row, EndedBecause.BY_PERSON, person.id)
    return looking.to("/keys")


@post(tokens.PATH, status_code=200)
async def give_token(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """For what this page is about to sign."""
    looking = await signed_in(board, request)
    looking.require_own()
    async with board.people.counter_of(looking.person) as counter:
        token = await tokens.issue(counter, board.people, looking.person, each(request, "dpop"))
    said = {"access_token": token, "token_type": "DPoP", "expires_in": int(LIFETIME.total_seconds())}
    return Response(said, headers={"Cache-Control": "no-store"})


@post("/people/{identity:uuid}/key", status_code=200)
async def approve_key(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    looking = await _proved(board, request)
    looking.person.require(Act.MANAGE_PEOPLE)
    said = await document_of(request)
    words = [said.get(name) for name in ("key", "protected", "signature")]
    if not all(isinstance(word, str) for word in words):
        raise Malformed
    given = SecondSignature(*map(str, words))
    async with board.people.counter_of(looking.person) as counter:
        await keys.of(counter, looking.person.centre, PersonId(identity), given.key)
        await keys.approve(counter, looking.person, given)
    return Response({"ok": True})


@post("/people/{identity:uuid}/key/end", status_code=303)
async def end_key(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    looking = await signed_in(board, request)
    looking.person.require(Act.MANAGE_PEOPLE)
    said = await looking.form()
    person = looking.person
    async with board.people.counter_of(person) as counter:
        row = await keys.of(counter, person.centre, PersonId(identity), said.field("key"))
        await keys.end(counter, row, EndedBecause.BY_COORDINATOR, person.id)
    return looking.to("/people")


KEYS = (show_keys, ask_for_key, offer_key, end_own, give_token, approve_key, end_key)
