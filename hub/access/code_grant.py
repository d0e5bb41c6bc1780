"""A person comes in through the hub to a centre's own system: pushed request, code, token; on Authlib's core.

Source: RFC 6749 (4.1), 7636 (S256 and no other), 9126, 9449 (10); FAPI 2.0; security.md 1 with its traps 5, 6
and 8. The system proves itself as for every token, and its first proof binds the key: only that key's proofs
count with the code and with the token. Authlib has no pushed requests; it checks what is pushed as it would
the request itself, but writes what it was sent into its refusals and breaks where that holds a quotation
mark: such a request is refused before. There are no refresh tokens: who needs more sends the person again.
"""

import re
from collections.abc import Mapping

from authlib.oauth2.rfc6749 import (
    AuthorizationCodeGrant,
    Endpoint,
    InvalidRequestError,
    OAuth2Error,
    OAuth2Request,
)
from authlib.oauth2.rfc7636 import CodeChallenge

from hub.access import approvals
from hub.access.approvals import Approval, Asked
from hub.access.clients import METHOD, Client
from hub.kernel.documents import JsonObject

NAME = "pushed_authorization_request"
_S256 = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE_AT_MOST = 512
_STATE = re.compile(r"[ -~]*")
_TOLD = re.compile(r"[ !#-\[\]-~]*")
"""What a refusal may repeat (RFC 6749 5.2)."""
_OF_REQUEST_OBJECTS = ("request", "request_uri")


class TooManyOpen(OAuth2Error):  # type: ignore[misc]  # noqa: N818  # the library is untyped
    """RFC 9126 2.3."""

    error = "temporarily_unavailable"
    description = "too many of your requests are open; the first of them end within a minute"
    status_code = 429

    def get_headers(self) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Retry-After", "60")]


class S256(CodeChallenge):  # type: ignore[misc]  # as above
    """The library takes `plain`, and lets a system that has a key of its own do without (traps 5, 6)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, _redirect_uri: str) -> None:
        said = grant.request.payload.data
        method, challenge = said.get("code_challenge_method"), said.get("code_challenge", "")
        if method != "S256" or not _S256.fullmatch(challenge):
            raise InvalidRequestError("a code_challenge by S256 is required")


class AuthorizationCode(AuthorizationCodeGrant):  # type: ignore[misc]  # as above
    """The code is exchanged by the system that pushed the request, with the key that it showed then."""

    TOKEN_ENDPOINT_AUTH_METHODS = (METHOD,)

    def authenticate_token_endpoint_client(self) -> Client:
        """Remember the proof only of a client that is known: a stranger writes nothing."""
        client: Client = super().authenticate_token_endpoint_client()
        self.server.act_for(client.centre)
        self.server.use_up(self.request.proof)
        return client

    def query_authorization_code(self, code: str, client: Client) -> Approval | None:
        """It is used up by the first who shows it, whatever else is wrong then."""
        found = approvals.take(self.server.connection, client.centre, code, self.server.now)
        return found if found is not None and found.jkt == self.server.jkt else None

    def authenticate_user(self, found: Approval) -> Approval:
        return found

    def delete_authorization_code(self, found: Approval) -> None:
        """It stays as long as its token, which ends where the code is shown again (trap 8)."""


class PushedRequests(Endpoint):  # type: ignore[misc]  # as above
    ENDPOINT_NAME = NAME

    def create_endpoint_response(
        self, request: OAuth2Request
    ) -> tuple[int, JsonObject, list[tuple[str, str]]]:
        desk = self.server
        client: Client = desk.authenticate_client(request, [METHOD], NAME)
        desk.act_for(client.centre)
        desk.use_up(request.proof)
        said: Mapping[str, str] = request.payload.data
        _require_plain(said, desk.jkt)
        try:
            desk.get_authorization_grant(request).validate_authorization_request()
        except OAuth2Error as error:
            error.redirect_uri = error.state = None  # nobody is sent anywhere from here
            raise
        if approvals.open_requests(desk.connection, client.centre, desk.now) >= approvals.OPEN_AT_MOST:
            raise TooManyOpen
        asked = Asked(
            centre=client.centre,
            redirect_uri=said["redirect_uri"],
            scope=request.scope,
            state=said.get("state") or None,
            challenge=said["code_challenge"],
            jkt=desk.jkt,
        )
        lives = int(approvals.BROUGHT_WITHIN.total_seconds())
        request_uri = approvals.push(desk.connection, asked, desk.now)
        return 201, {"request_uri": request_uri, "expires_in": lives}, [("Cache-Control", "no-store")]


def _require_plain(said: Mapping[str, str], jkt: str) -> None:
    """The parameters themselves: no signed form of them, and nothing that a refusal could not repeat."""
    if any(name in said for name in _OF_REQUEST_OBJECTS):
        raise InvalidRequestError("request objects are not taken: push the parameters themselves")
    if not said.get("client_id"):
        raise InvalidRequestError("client_id is required")
    state = said.get("state", "")
    if len(state) > _STATE_AT_MOST or not _STATE.fullmatch(state):
        raise InvalidRequestError("state must be at most 512 printable ASCII characters")
    if not all(_TOLD.fullmatch(value) for name, value in said.items() if name != "state"):
        raise InvalidRequestError("a parameter holds a character that it may not")
    if said.get("response_mode", "query") != "query":
        raise InvalidRequestError("response_mode can only be query")
    if said.get("dpop_jkt", jkt) != jkt:
        raise InvalidRequestError("dpop_jkt is not the key of the DPoP proof")
