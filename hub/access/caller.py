"""Who calls, for which centre, allowed what: asked once at the door, before a byte of the body is read.

Source: security.md 1, 2, threats 1, 2, 14-16, 23. Cheap checks first, then the arithmetic of all signatures
in one go beside the event loop, then one SQL statement that uses up proof and nonce and says how the centre,
its key and its token stand. What a person's key signs, and what a centre's system does by a token that a
person has approved, counts as far as the person's acts reach, and the record names the person (design.md 10);
a call that names no act is for a centre's own system alone. A stranger costs the database nothing: only what
is proved is written down.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from hub.access import dpop
from hub.access.dpop import ProofInvalid, ProofReplayed
from hub.access.store import MemoryLost, PersonsKey, Standing, note_and_look, seen_key, signing_jwk
from hub.access.tokens import AccessToken, AccessTokens, TokenMissing, TokenRevoked
from hub.evidence.by_whom import note_person
from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.plumbing.aside import aside
from hub.plumbing.database import Database
from hub.signing.compact import LONGEST
from hub.signing.keyring import Keyring
from hub.signing.public_key import PublicKey, prove, public_key
from hub.signing.signature import (
    RequestHead,
    SignatureInvalid,
    SignatureRefused,
    SignatureReplayed,
    SignedHead,
    UnknownKey,
    read,
)
from hub.signing.statement import ManifestTooLarge, SignedStatement, signed_statement
from hub.web.bodies import BodyTooLarge, announced_length, whole
from hub.web.calls import Http
from hub.web.connections import let_in
from hub.web.limits import Limits, Window, held_back
from hub.web.manners import asked_method
from hub.web.media_types import JSON, require
from hub.web.strangers import prove_known
from hub.web.turns import Turns, give_turn_back, take_turn
from saikne_schemas.manifests import MANIFEST_BYTES
from saikne_schemas.person_keys import Act
from saikne_schemas.vocabulary import Scope

_KEYS_REMEMBERED = 10_000
NOBODYS: frozenset[Act] = frozenset()
"""No person's: what a centre's own system does by itself."""


class ScopeMissing(Refusal):
    code = "access.scope-missing"


class CentreSuspended(Refusal):
    code = "access.centre-suspended"


class CentreUnknown(Refusal):
    code = "access.centre-unknown"


class TooManyCalls(TooMuch):
    code = "limits.calls"


class TooManyStatements(TooMuch):
    code = "limits.statements"


class SigningKeyRevoked(SignatureRefused):
    code = "signing.key-revoked"


class SigningKeyEnded(SignatureRefused):
    """A person's key counts until a day."""

    code = "signing.key-ended"


class PersonSuspended(Refusal):
    code = "access.person-suspended"


class TokenOfAPerson(Refusal):
    """Made for a person's page: nothing is read by it, and nothing stated but under that person's key."""

    code = "access.token-of-a-person"


class PersonMayNot(Refusal):
    """The acts that the person has, or that the key was approved for, do not reach so far."""

    code = "access.person-may-not"


@dataclass(frozen=True, slots=True)
class Caller:
    centre: CentreId
    client_id: str
    scopes: frozenset[Scope]
    """Of the token, as far as the centre still has them."""
    jkt: str
    jti: str
    person: UUID | None = None
    """Whose key signed, or in whose name the centre's system acts; None: it is the centre's alone."""

    @property
    def tenant(self) -> CentreId:
        """Whose rows it reads: its own, or those of oversight or of the register's side."""
        common = {Scope.OVERSIGHT: OVERSIGHT, Scope.REGISTER_SIDE: REGISTRY}
        return next((tenant for scope, tenant in common.items() if scope in self.scopes), self.centre)


@dataclass(frozen=True, slots=True)
class _Credentials:
    """What a call shows before anything is proved."""

    head: RequestHead
    uri: str
    """Without the query, as a proof names it."""
    token: str
    proof: str


@dataclass(frozen=True, slots=True)
class _Proved:
    """What cryptography alone can say of a call."""

    token: AccessToken
    proof: dpop.Proof
    signed: SignedHead | None


class Gatekeeper:
    """Stands before every endpoint under /v1."""

    def __init__(
        self, database: Database, keyring: Keyring, public_url: str, limits: Limits | None = None
    ) -> None:
        limits = limits or Limits()
        self._database = database
        self._calls, self._statements = Window(limits.calls), Window(limits.statements)
        self._turns = Turns(limits.calls_at_once, limits.calls_waiting)
        self._tokens = AccessTokens(keyring, public_url)
        self._public_url = public_url
        self._signing_keys: dict[str, PublicKey] = {}

    async def caller(
        self, request: Http, *, scope: Scope | frozenset[Scope], acts: frozenset[Act] | None = None
    ) -> Caller:
        """The caller of a reading call; where several scopes are named, one of them is enough.

        `acts`: any of which lets the system do it in a person's name; None: all of a centre may read.
        """
        caller, _ = await self._admit(request, scope, signed=False, acts=acts)
        return caller

    async def upload(
        self, request: Http, *, scope: Scope | frozenset[Scope], acts: frozenset[Act] = NOBODYS
    ) -> tuple[Caller, SignedHead]:
        """The caller of a signed call whose body is still unread; comparing its digest is left to it.

        `acts`: any of which lets a person do it, by a key or by a system that acts in the person's name.
        """
        caller, signed = await self._admit(request, scope, signed=True, acts=acts)
        give_turn_back(request.scope)
        assert signed is not None  # noqa: S101  # an unsigned call was refused
        return caller, signed

    async def statement(
        self,
        request: Http,
        *,
        scope: Scope | frozenset[Scope],
        acts: frozenset[Act] = NOBODYS,
        taken: str = JSON,
    ) -> tuple[Caller, SignedStatement]:
        """The caller of a signed call and the manifest it sent."""
        if (announced_length(request) or 0) > MANIFEST_BYTES:
            raise ManifestTooLarge(bytes_at_most=MANIFEST_BYTES)
        caller, signed = await self.upload(request, scope=scope, acts=acts)
        require(request.headers.get("content-type"), {taken})
        try:
            statement = signed_statement(signed, await whole(request, MANIFEST_BYTES))
        except BodyTooLarge:
            raise ManifestTooLarge(bytes_at_most=MANIFEST_BYTES) from None
        await take_turn(self._turns, request.scope, caller.centre)
        return caller, statement

    async def _admit(
        self,
        request: Http,
        scope: Scope | frozenset[Scope],
        *,
        signed: bool,
        acts: frozenset[Act] | None,
    ) -> tuple[Caller, SignedHead | None]:
        wanted = frozenset({scope}) if isinstance(scope, Scope) else scope
        proved = await self._prove(_shown(request, self._public_url), signed=signed)
        prove_known(request.scope)
        await self._count(proved)
        await take_turn(self._turns, request.scope, proved.token.centre)
        used, names = _used_up(proved)
        standing = await note_and_look(
            self._database,
            used=used,
            centre=proved.token.centre,
            jti=proved.token.jti,
            key_id=proved.signed.key_id if proved.signed else None,
        )
        caller = _judge(proved, standing, names, wanted)
        _judge_person(proved.token, standing.of_person, acts, clock.now())
        _judge_approval(proved.token, standing, acts)
        note_person(caller.person)
        let_in(request.scope)
        return caller, proved.signed

    async def _count(self, proved: _Proved) -> None:
        """Of the centre's share, now that the call is known to be its own; before it costs the database."""
        centre = proved.token.centre
        self._calls.count(centre)
        if pause := self._calls.pause_of(centre):
            raise await held_back(TooManyCalls(pause))
        if proved.signed is not None:
            self._statements.count(centre)
            if pause := self._statements.pause_of(centre):
                raise await held_back(TooManyStatements(pause))

    async def _prove(self, shown: _Credentials, *, signed: bool) -> _Proved:
        """What is shown is genuine.

        RFC 9421 2.2.2: a target ends in `?` where its query is empty; the server does not tell that from no
        query. Both ask the same, so the signature may be over either.
        """
        now = clock.now()
        token = self._tokens.remembered(shown.token, now)
        if token is None:
            token = await aside(partial(self._tokens.verify, shown.token, now))
        proof, possession = dpop.read(
            shown.proof, method=shown.head.method, uri=shown.uri, now=now, access_token=shown.token
        )
        if proof.jkt != token.jkt:
            await aside(possession.prove)  # before anything is said of whose key it is
            raise ProofInvalid(why="jwk")
        if not signed:
            await aside(possession.prove)
            return _Proved(token, proof, None)
        try:
            head, signature = read(shown.head, self._key_at_hand, now)
        except _KeyNotAtHand as miss:
            await aside(possession.prove)  # a stranger makes nobody look for keys
            await self._fetch(miss.key_id)
            head, signature = read(shown.head, self._key_at_hand, now)
        try:
            await aside(partial(prove, possession, signature))
        except SignatureInvalid:
            if "?" in shown.head.target:
                raise
            asked = replace(shown.head, target=f"{shown.head.target}?")
            head, signature = read(asked, self._key_at_hand, now)
            await aside(signature.prove)
        return _Proved(token, proof, head)

    def _key_at_hand(self, key_id: str) -> PublicKey:
        """Keys are named by what they are, so a copy never grows stale; whether it counts is asked later."""
        try:
            return self._signing_keys[key_id]
        except KeyError:
            raise _KeyNotAtHand(key_id) from None

    async def _fetch(self, key_id: str) -> None:
        jwk = await signing_jwk(self._database, key_id)
        if jwk is None:
            raise UnknownKey
        if len(self._signing_keys) >= _KEYS_REMEMBERED:
            self._signing_keys.clear()
        self._signing_keys[key_id] = public_key(jwk)


class _KeyNotAtHand(Exception):  # noqa: N818  # a miss, not an error
    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


def _shown(request: Http, public_url: str) -> _Credentials:
    """Token and proof of a call, each exactly once; the target comes from configuration, never from Host."""
    scope = request.scope
    headers: list[tuple[bytes, bytes]] = list(scope["headers"])
    path = scope["raw_path"].partition(b"?")[0].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    uri = f"{public_url}{path}"
    authorizations = [value for name, value in headers if name == b"authorization"]
    proofs = [value for name, value in headers if name == b"dpop"]
    scheme, _, token = b"".join(authorizations).decode("latin-1").partition(" ")
    if len(authorizations) != 1 or scheme.lower() != "dpop" or not token:
        raise TokenMissing
    if len(proofs) != 1 or len(proofs[0]) > LONGEST:
        raise ProofInvalid(why="header")
    head = RequestHead(asked_method(scope), f"{uri}?{query}" if query else uri, headers)
    return _Credentials(head, uri, token.strip(), proofs[0].decode("latin-1").strip())


def _used_up(proved: _Proved) -> tuple[list[tuple[bytes, datetime]], tuple[bytes, bytes | None]]:
    """What this call uses up, with the moment until which it could count; and the two names again."""
    proof = seen_key("dpop", proved.proof.jkt, proved.proof.jti)
    used = [(proof, proved.proof.issued_at + dpop.OLDEST)]
    nonce = None
    if proved.signed is not None:
        nonce = seen_key("signature", proved.signed.key_id, proved.signed.nonce)
        used.append((nonce, proved.signed.expires))
    return used, (proof, nonce)


def _judge(
    proved: _Proved, standing: Standing, names: tuple[bytes, bytes | None], wanted: frozenset[Scope]
) -> Caller:
    """What is proved may still not count: used before, taken back, suspended, not allowed."""
    proof, nonce = names
    made = min(proved.proof.issued_at, proved.signed.created if proved.signed else proved.proof.issued_at)
    if made < standing.whole_since:
        raise MemoryLost
    if nonce is not None and nonce not in standing.fresh:
        raise SignatureReplayed
    if proof not in standing.fresh:
        raise ProofReplayed
    if standing.token_revoked:
        raise TokenRevoked
    if standing.state is None:
        raise CentreUnknown
    if standing.state != "active":
        raise CentreSuspended
    if proved.signed is not None and standing.key_centre != proved.token.centre:
        raise UnknownKey
    if proved.signed is not None and standing.key_revoked_at is not None:
        raise SigningKeyRevoked
    token = proved.token
    scopes = token.scopes & standing.scopes
    if not wanted & scopes:
        raise ScopeMissing(scope=" ".join(sorted(wanted)))
    person = standing.of_person.person if standing.of_person else token.approved_by
    return Caller(token.centre, token.client_id, scopes, token.jkt, token.jti, person)


def _judge_person(
    token: AccessToken, key: PersonsKey | None, acts: frozenset[Act] | None, now: datetime
) -> None:
    """A page's token is good for what its person signs; and a person's key may still not count for this."""
    if token.person is not None and (key is None or key.person != token.person):
        raise TokenOfAPerson
    if key is None:
        return
    if now >= key.ends_at:
        raise SigningKeyEnded
    if key.acts is None:
        raise PersonSuspended
    _require_one(acts, key.acts)


def _judge_approval(token: AccessToken, standing: Standing, acts: frozenset[Act] | None) -> None:
    """A token in a person's name ends with what the person approved, and reaches as far as the person.

    Under a person's key it is good for that person's alone.
    """
    if token.approved_by is None:
        return
    approved, key = standing.approved, standing.of_person
    if approved is None or approved.person != token.approved_by:
        raise TokenRevoked
    if key is not None and key.person != approved.person:
        raise TokenOfAPerson
    _require_one(acts, approved.acts)


def _require_one(acts: frozenset[Act] | None, had: frozenset[str]) -> None:
    """None: whoever takes part may."""
    if acts is not None and not acts & had:
        raise PersonMayNot(acts=sorted(map(str, acts)))
