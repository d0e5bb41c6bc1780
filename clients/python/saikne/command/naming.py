"""Who is meant: sealed with what this centre states, and shown to whoever asks for it on this machine.

Names and personal codes come from a file, never from the command line, and are printed only by `--names` and
`saikne names`. They are matched with the centre's own list of families, where it has one. Source: method S57,
S77, S108, S118; domain 5.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.connection import connected, journal
from saikne.command.manners import verb
from saikne.command.numbering import NumberUnknown, number
from saikne.command.speech import Console, say
from saikne.problems import LocalRefusal
from saikne_schemas.vocabulary import Workflow

if TYPE_CHECKING:
    from saikne.families import Match
    from saikne.hub import Hub
    from saikne.identities import Meant
    from saikne_schemas.identities import Identity, IdentityRef, NamedPerson, SealedIdentity

IdentityFile = Annotated[Path | None, typer.Option("--identity", metavar="FILE")]
Compared = Annotated[list[str] | None, typer.Option("--their-key", metavar="KEY")]
WithNames = Annotated[bool, typer.Option("--names")]


class NamesNotInDocument(LocalRefusal):
    """Documents of `--json` hold no names, but for that of `saikne names`."""

    code = "names.not-in-document"


@dataclass(frozen=True)
class Whom:
    """Whom a statement means, as its options say it."""

    file: Path | None
    compared: Sequence[str] | None
    """Keys that somebody has compared with their centres."""
    children: Sequence[str]
    """As the statement names them."""


async def identities_of(console: Console, hub: "Hub", whom: Whom, to: Sequence[UUID]) -> "list[IdentityRef]":
    """Seal whom a statement means to each of these centres, and to this one, for the statement to name.

    A centre that has no key yet is told by telephone: nothing is refused to it.
    """
    from saikne.identity_files import identity_from
    from saikne.installation import Installation
    from saikne.keys import in_groups
    from saikne.others_keys import OthersKeys

    if whom.file is None:
        return []
    identity = identity_from(whom.file, whom.children)
    installation = Installation.at()
    centres, known = {one.id: one for one in await hub.centres()}, OthersKeys(installation.home)
    chosen = {one: known.chosen(centres[one], whom.compared or []) for one in to if one in centres}
    refs = []
    for one, key in chosen.items():
        if key is None:
            console.warn("identity.no-key", centre=centres[one].name)
            continue
        if not known.known(one):
            console.tell("identity.key-first", centre=centres[one].name, groups=in_groups(key.kid))
        refs.append(await _sent(hub, identity, key.jwk))
        known.used(one, key.kid)
    own = installation.keys().encryption
    ours = centres[installation.centre].encryption_keys if installation.centre in centres else []
    if refs and own is not None and own.kid in [key.kid for key in ours]:
        refs.append(await _sent(hub, identity, {**own.public_jwk(), "kid": own.kid}))
    return refs


async def _sent(hub: "Hub", identity: "Identity", jwk: Mapping[str, str]) -> "IdentityRef":
    from saikne.identities import seal_identity
    from saikne.statements import wire_bytes

    name, sealed = journal().sealed(wire_bytes(identity), jwk["kid"], lambda: seal_identity(identity, jwk))
    return await hub.send_identity(name, sealed)


@verb
async def names(
    console: Console, record: Annotated[UUID, typer.Argument(metavar="ID", parser=number)]
) -> None:
    """Who is meant in one exchange or matter: opened on this machine, and matched with the centre's list."""
    async with connected() as hub:
        lines = [one for one in await hub.numbers(record.hex[:31]) if one.id == record]
        if not lines:
            raise NumberUnknown(given=str(record))
        found = await _opened(hub, {record: Workflow(lines[0].workflow)})
        authors = {one.id: one.name for one in await hub.centres()}
    of_it = found.get(record, [])
    _tell(console, of_it, authors)
    console.document([_document(one) for one in of_it])


async def tell_names(console: Console, hub: "Hub", records: Mapping[UUID, Workflow]) -> None:
    """For people, behind what is shown of one record or of several."""
    if console.as_json:
        raise NamesNotInDocument
    found = await _opened(hub, records)
    authors = {one.id: one.name for one in await hub.centres()}
    for record in records:
        if len(records) > 1:
            console.line(str(record))
        _tell(console, found.get(record, []), authors)


@dataclass(frozen=True)
class _Found:
    sealed: "SealedIdentity"
    meant: "Meant | None"
    refused: LocalRefusal | None
    matches: "list[Match] | None"
    """None: the centre has no list."""


async def _opened(hub: "Hub", records: Mapping[UUID, Workflow]) -> dict[UUID, list[_Found]]:
    """What is sealed to this centre about these, opened; what does not open is told in its place."""
    from saikne.families import FamilyList, matches
    from saikne.identities import who_is_meant
    from saikne.installation import Installation

    only = next(iter(records)) if len(records) == 1 else None
    sealed = [one async for one in hub.sealed_identities(only) if one.about in records]
    if not sealed:
        return {}
    installation = Installation.at()
    keys, families, jwks = installation.opening_keys(), FamilyList(installation.home).all(), await hub.jwks()
    found: dict[UUID, list[_Found]] = {}
    for record in {one.about for one in sealed}:
        said = hub.statements if records[record] is Workflow.COPIES else hub.matter_statements
        statements = await said(record)
        for one in sealed:
            if one.about != record:
                continue
            try:
                meant = who_is_meant(one, statements, keys, reader=installation.centre, hub_jwks=jwks)
            except LocalRefusal as refused:
                found.setdefault(record, []).append(_Found(one, None, refused, None))
                continue
            own = matches(meant.identity, families) if families else None
            found.setdefault(record, []).append(_Found(one, meant, None, own))
    return found


def _tell(console: Console, found: list[_Found], authors: Mapping[UUID, str]) -> None:
    if not found:
        console.tell("names.none")
    for one in found:
        console.tell("names.head", centre=authors.get(one.sealed.author, str(one.sealed.author)))
        if one.refused is not None:
            console.warn(one.refused.code, **one.refused.facts)
            console.warn(f"{one.refused.code}.do", **one.refused.facts)
        elif one.meant is not None:
            _tell_identity(console, one.meant.identity)
            _tell_matches(console, one.matches)


def _tell_identity(console: Console, identity: "Identity") -> None:
    for spouse in identity.spouses:
        console.tell("names.spouse", person=_person(spouse))
    if identity.address is not None:
        console.tell("names.address", address=identity.address)
    for child in identity.children:
        console.tell("names.child", reference=child.reference, person=_person(child))


def _person(one: "NamedPerson") -> str:
    from saikne.personal_code import shown

    return f"{one.name}, {shown(one.code)}" if one.code else one.name


def _tell_matches(console: Console, found: "list[Match] | None") -> None:
    if not found:
        console.tell("names.no-list" if found is None else "names.no-match")
    for match in found or []:
        sure = say(f"names.sure.{match.sure.name.lower().replace('_', '-')}")
        console.tell("names.match", case=match.case, sure=sure)
        for reference, own in match.children.items():
            console.tell("names.match.child", reference=reference, number=own)


def _document(one: _Found) -> dict[str, Any]:
    matched = [
        {"case": match.case, "sure": match.sure.name.lower(), "children": dict(match.children)}
        for match in one.matches or []
    ]
    return {
        "author": one.sealed.author,
        "sent_at": one.sealed.sent_at,
        "identity": one.meant.identity.model_dump(mode="json", by_alias=True) if one.meant else None,
        "matches": matched,
        "refused": one.refused.code if one.refused else None,
    }


@verb
def import_families(console: Console, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Keep the centre's own list of families on this machine, in the place of the one before."""
    from saikne.families import FamilyList
    from saikne.identity_files import families_from
    from saikne.installation import Installation

    families = families_from(file)
    FamilyList(Installation.at().home).replace(families)
    people = sum(len(family.people()) for family in families.values())
    console.tell("families.imported", families=len(families), people=people)
    console.document({"families": len(families), "people": people})


FAMILIES = (("import", import_families),)
