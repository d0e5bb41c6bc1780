"""What a requester may ask for beside what it asked for first, within the same exchange.

Source: features F19; domain 1.1, 1.2 (a child's move carries nothing of a family). Whether the request may
be supplemented at all by now is told by `steps`.
"""

from dataclasses import replace

from hub.exchange.documents import TRAVELS, Asked, MayNotTravel
from hub.kernel.refusal import Refusal
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import ExchangeKind

CHILDREN_AT_MOST = 20
"""As many as a request may name."""


class NothingWasAsked(Refusal):
    """What was offered unasked is not a request: whoever wants more asks for it."""

    code = "exchange.nothing-was-asked"


class OneChildOnly(Refusal):
    """A request for a child's IAP is about that child; another child is another request."""

    code = "exchange.one-child-only"


class TooManyChildren(Refusal):
    code = "exchange.too-many-children"


class AddsNothing(Refusal):
    """All of it is asked for already."""

    code = "exchange.supplement-adds-nothing"


def grown(asked: Asked, more: Supplement, *, answered: bool) -> Asked:
    """What is asked for from now on; `answered`: all that was asked so far is answered and confirmed."""
    if asked.kind is ExchangeKind.CHILD_INFORMATION:
        raise NothingWasAsked
    for form in more.forms:
        if form not in TRAVELS[asked.kind]:
            raise MayNotTravel(form=form.value)
    if answered:
        asked = replace(asked, more_children=(), more_forms=(), answered_before=True)
    children = [child for child in more.children if child not in asked.children]
    forms = [form for form in more.forms if form not in asked.more_forms]
    if children and asked.kind is ExchangeKind.CHILD_IAP:
        raise OneChildOnly
    if len(asked.children) + len(children) > CHILDREN_AT_MOST:
        raise TooManyChildren(at_most=CHILDREN_AT_MOST)
    if not children and not forms:
        raise AddsNothing
    return replace(
        asked,
        children=[*asked.children, *children],
        more_children=[*asked.more_children, *children],
        more_forms=[*asked.more_forms, *forms],
    )
