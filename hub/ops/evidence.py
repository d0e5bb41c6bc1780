"""`hub evidence verify`: every chain is checked by this program and by the database; exit 1 if one is broken.

`--link` asks whether a chain is still the one that a receipt was taken from: only that tells a chain which
somebody wrote anew as a whole. Source: security.md 3, threat 11.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.ops.centres import centre_id
from hub.ops.console import JsonOption, LangOption, fail, language, put, say
from hub.ops.owner import as_owner
from saikne_schemas.command_line import Exit

if TYPE_CHECKING:
    from hub.evidence.casework import Audit
    from hub.plumbing.database import Tx


app = typer.Typer(no_args_is_help=True, help="The chains of events.")


@dataclass(frozen=True, slots=True)
class Named:
    """A chain with the name of whose it is, and the receipts' links that it no longer holds."""

    name: str
    audit: "Audit"
    missing: tuple[int, ...]

    @property
    def holds(self) -> bool:
        return self.audit.holds and not self.missing


@app.callback()
def _evidence() -> None:
    """The chains of events."""


@app.command()
def verify(
    *,
    centre: Annotated[str | None, typer.Option("--centre", metavar="ID", help="Only this chain.")] = None,
    link: Annotated[
        list[str] | None,
        typer.Option("--link", metavar="NUMBER:HASH", help="Must be in the chain; as a receipt has it."),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Check the chains from their first event to their end, and say where one is broken."""
    speech = language(lang)
    chosen = centre_id(centre, speech) if centre else None
    if link and chosen is None:
        fail(say("evidence.link-needs-centre", speech))
    links = [_link(written, speech) for written in link or []]
    found = as_owner([], lambda tx: _checked(tx, chosen, links, speech), speech)
    for each in found:
        if as_json:
            put(_json(each))
        else:
            _tell(each, speech)
    if not all(each.holds for each in found):
        if not as_json:
            print(say("evidence.next-step", speech))
        raise typer.Exit(Exit.REFUSED)


async def _checked(
    tx: "Tx", chosen: CentreId | None, links: list[tuple[int, bytes]], speech: str
) -> list[Named]:
    from hub.centres import casework, store
    from hub.centres.centre import tenant_of
    from hub.evidence import store as chains
    from hub.evidence.casework import audit
    from hub.plumbing.database import act_for

    common = {OVERSIGHT: "evidence.oversight", REGISTRY: "evidence.register"}
    names = {OVERSIGHT: say(common[OVERSIGHT], speech)}
    for each in await store.every(tx):
        tenant = tenant_of(each)
        names[tenant] = say(common[tenant], speech) if tenant in common else each.name
    if chosen is not None and chosen not in names:
        chosen = tenant_of(await casework.known(tx, chosen))
    tenants = list(names) if chosen is None else [chosen]
    await act_for(tx, tenants)
    return [
        Named(
            names[one.tenant],
            one,
            tuple([seq for seq, digest in links if not await chains.contains(tx, one.tenant, seq, digest)]),
        )
        for one in await audit(tx, tenants)
    ]


def _tell(each: Named, speech: str) -> None:
    """One line for a chain, and one for everything that is wrong with it."""
    verdict = each.audit.verdict
    state = "evidence.holds" if each.holds else "evidence.broken"
    state = "evidence.empty" if each.holds and not verdict.last.seq else state
    end = verdict.last.hash.hex() if verdict.last.seq else "-"
    columns = [str(each.audit.tenant), str(verdict.last.seq), end, say(state, speech), each.name]
    print("\t".join(columns))
    for line in _wrong(each, speech):
        print(f"\t{line}")


def _wrong(each: Named, speech: str) -> list[str]:
    verdict, by_database = each.audit.verdict, each.audit.by_database
    told = []
    if verdict.flaw:
        told.append(say(f"evidence.flaw.{verdict.flaw.value}", speech, seq=verdict.broken_at))
    if by_database != ((verdict.flaw, verdict.broken_at) if verdict.flaw else None):
        flaw = f"{by_database[0].value}, {by_database[1]}" if by_database else say("evidence.holds", speech)
        told.append(say("evidence.disagree", speech, flaw=flaw))
    told += [say("evidence.missing-link", speech, seq=seq) for seq in each.missing]
    return told


def _json(each: Named) -> dict[str, object]:
    verdict, by_database = each.audit.verdict, each.audit.by_database
    return {
        "tenant": str(each.audit.tenant),
        "name": each.name,
        "holds": each.holds,
        "last": {"seq": verdict.last.seq, "hash": verdict.last.hash.hex()},
        "flaw": verdict.flaw.value if verdict.flaw else None,
        "broken_at": verdict.broken_at,
        "by_database": {"flaw": by_database[0].value, "broken_at": by_database[1]} if by_database else None,
        "missing_links": list(each.missing),
    }


def _link(written: str, speech: str) -> tuple[int, bytes]:
    number, _, digits = written.partition(":")
    try:
        return int(number), bytes.fromhex(digits)
    except ValueError:
        fail(say("evidence.not-a-link", speech, written=written))
