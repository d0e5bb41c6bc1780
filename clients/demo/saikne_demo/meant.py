"""Which family the demo's request means: sealed by the new centre, opened and matched by the previous one.

Source: method S57, S77; domain 5.1. The hub carries the seal and has no key to it.
"""

from uuid import uuid4

from saikne.families import Sure, matches
from saikne.identities import seal_identity, who_is_meant
from saikne.identity_files import Family, Person
from saikne_demo.claim import hold
from saikne_demo.family import FAMILY
from saikne_demo.story import Story
from saikne_schemas.identities import Identity, IdentityRef

OWN_CASE = "LG-2019/14"


async def sealed(story: Story) -> IdentityRef:
    """What the request names: the family's names and personal codes, to the previous centre's key."""
    previous = next(one for one in await story.requester.centres() if one.id == story.previous.centre)
    return await story.requester.send_identity(
        uuid4(), seal_identity(_identity(story), previous.encryption_keys[0].jwk)
    )


async def opened(story: Story) -> None:
    """On the previous centre's machine, beside its own list."""
    with story.step("names") as told:
        (one,) = [one async for one in story.holder.sealed_identities(story.exchange)]
        meant = who_is_meant(
            one,
            await story.holder.statements(story.exchange),
            story.previous.opening_keys(),
            reader=story.previous.centre,
            hub_jwks=await story.holder.jwks(),
        )
        (match,) = matches(meant.identity, {OWN_CASE: _own_family()})
        hold(meant.author == story.new.centre, "the new centre answers for who is meant")
        hold((match.case, match.sure) == (OWN_CASE, Sure.CODE), "a personal code finds the holder's own case")
        told |= {"case": match.case}


def _identity(story: Story) -> Identity:
    return Identity.model_validate(
        {
            "schema": "saikne.identity/1",
            "spouses": [
                {"name": f"{one.first} {one.last}", "code": one.code.replace("-", "")}
                for one in FAMILY.spouses
            ],
            "children": [
                {
                    "reference": reference,
                    "name": f"{one.first} {one.last}",
                    "code": one.code.replace("-", ""),
                }
                for reference, one in zip(story.children, FAMILY.children, strict=True)
            ],
        }
    )


def _own_family() -> Family:
    """As the previous centre has written it down, with one spouse's code."""
    return Family(
        spouses=[
            Person(name=f"{one.last} {one.first}", code=one.code if one is FAMILY.spouses[0] else None)
            for one in FAMILY.spouses
        ]
    )
