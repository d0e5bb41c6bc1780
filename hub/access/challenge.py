"""What a caller who was not let in is told in headers: WWW-Authenticate, and what a signature must cover.

Source: RFC 9110 11.6.1, RFC 9449 7.1, RFC 6750 3.1, RFC 9421 5.1. The composition root adds HANDLERS to its
exception handlers; a problem document is the body as everywhere.
"""

from litestar.types import ExceptionHandlersMap

from hub.access.caller import CentreSuspended, CentreUnknown, PersonMayNot, ScopeMissing
from hub.access.dpop import ProofInvalid, ProofReplayed
from hub.access.tokens import TokenExpired, TokenInvalid, TokenMissing, TokenRevoked
from hub.kernel.refusal import Refusal
from hub.signing.compact import ALGORITHMS
from hub.signing.signature import ACCEPT_SIGNATURE, SignatureRefused
from hub.web.calls import Http, HttpAnswer
from hub.web.problems import refused

_ERRORS: dict[type[Refusal], str | None] = {
    TokenMissing: None,
    TokenInvalid: "invalid_token",
    TokenExpired: "invalid_token",
    TokenRevoked: "invalid_token",
    CentreUnknown: "invalid_token",
    CentreSuspended: "invalid_token",
    ProofInvalid: "invalid_dpop_proof",
    ProofReplayed: "invalid_dpop_proof",
    ScopeMissing: "insufficient_scope",
    PersonMayNot: "insufficient_scope",
    SignatureRefused: None,
}


def challenged(request: Http, refusal: Refusal) -> HttpAnswer:
    answer = refused(request, refusal)
    error = next(error for kind, error in _ERRORS.items() if isinstance(refusal, kind))
    parameters = [f'algs="{" ".join(ALGORITHMS)}"']
    if error is not None:
        parameters.insert(0, f'error="{error}"')
    if isinstance(refusal, ScopeMissing):
        parameters.append(f'scope="{refusal.facts["scope"]}"')
    answer.headers["WWW-Authenticate"] = "DPoP " + ", ".join(parameters)
    if isinstance(refusal, SignatureRefused):
        answer.headers["Accept-Signature"] = ACCEPT_SIGNATURE
    return answer


HANDLERS: ExceptionHandlersMap = dict.fromkeys(_ERRORS, challenged)
