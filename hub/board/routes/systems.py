"""A centre's own system asks one of its people to let it in: a plain page, yes or no, and back there.

Source: RFC 6749 (4.1.1), 9126 (4), 9207, 9700 (4.11). The address bears what the system was given for its
pushed request and nothing else; what is asked is never taken from a browser. Nobody is sent anywhere before
the request is found. The page's form may lead to the one place that the request names, whatever is answered;
a browser follows it nowhere else.
"""

from litestar import get, post
from litestar.di import NamedDependency

from hub.access.approvals import CODE_LIVES
from hub.access.return_address import host_of, origin_of
from hub.access.tokens import LIFETIME
from hub.board.board import Board
from hub.board.pages import POLICY
from hub.board.routes.forms import Malformed
from hub.board.routes.visits import signed_in
from hub.centres import store as centres
from hub.kernel.refusal import Refusal
from hub.people.casework import systems
from hub.people.casework.systems import Brought
from hub.web.calls import Http, HttpAnswer

_BROUGHT = ["client_id", "request_uri"]
_OWN_FORMS = "form-action 'self'"
MINUTES = (CODE_LIVES + LIFETIME).total_seconds() // 60
"""From when a person lets a system in, at most."""


class NotPushed(Refusal):
    """A system pushes its request, and a browser brings nothing but the name of that."""

    code = "access.request-not-pushed"


@get("/oauth/authorize")
async def show_request(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """The request is brought in time, whoever has to sign in first."""
    said = request.query_params
    if sorted(name for name, _ in said.multi_items()) != _BROUGHT:
        raise NotPushed
    async with board.people.counter() as counter:
        brought = await systems.brought(counter, said["client_id"], said["request_uri"])
        names = await centres.names(counter.tx, [brought.asked.centre])
    looking = await signed_in(board, request)
    scopes = systems.reach(looking.person, brought.asked).split()
    facts = {
        "request": brought,
        "centre": names[brought.asked.centre],
        "host": host_of(brought.asked.redirect_uri),
        "scopes": scopes,
        "minutes": int(MINUTES),
    }
    return _leading(looking.page("system", facts, 200 if scopes else 403), brought)


def _leading(answer: HttpAnswer, brought: Brought) -> HttpAnswer:
    """A browser lets a form lead only where the policy says, by however many steps."""
    there = origin_of(brought.asked.redirect_uri)
    answer.headers["Content-Security-Policy"] = POLICY.replace(_OWN_FORMS, f"{_OWN_FORMS} {there}")
    return answer


@post("/oauth/authorize", status_code=303)
async def decide(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """The answer goes to the system, by the browser: a code, or that nobody let it in."""
    looking = await signed_in(board, request)
    said = await looking.form()
    people, deed = board.people, said.field("deed")
    if deed not in {"approve", "decline"}:
        raise Malformed
    async with people.counter() as counter:
        brought = await systems.brought(counter, said.field("client_id"), said.field("request_uri"))
        if deed == "approve":
            address = await systems.approve(counter, looking.person, brought, people.public_url)
        else:
            address = await systems.decline(counter, brought, people.public_url)
    return looking.to(address)


SYSTEMS = (show_request, decide)
