"""`hub key own`, `renew`, `rewrap`, `retire`: the hub's own keys, changed while the hub runs.

Source: security.md 6, threat 12. The order is the operator's: a new key, all that is stored under it, the old
one out of use. Each step may be broken off and done again. No key is ever shown.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from hub.kernel.documents import JsonObject
from hub.ops.bad_news import told
from hub.ops.console import JsonOption, KeyCommand, LangOption, YesOption, ask, fail, language, put, say
from hub.signing.key_files import NEEDED, Kind, listed
from saikne_schemas.command_line import Exit
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from hub.plumbing.database import Database, Tx
    from hub.signing.keyring import Keyring, OwnKey

T = TypeVar("T")

BATCH = 200
"""So many values a transaction: their rows are held that long, and so much is done again after a kill."""
_SHORTEST = 6
"""Of a key's beginning, where it is not written out."""

Standing = dict[str, dict[str, int]]
"""How many of what each wrapping key covers."""


def add_to(app: typer.Typer) -> None:
    for command in (own, renew, rewrap):
        app.command()(command)
    app.command(cls=KeyCommand)(retire)


def own(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """The hub's own keys, oldest first, and how much each wrapping key covers."""
    speech = language(lang)
    keyring = opened(speech)
    with told(speech):
        standing = _run(_standing())
    known = [key.key_id for key in keyring.own()]
    rows = [_row(key, standing) for key in keyring.own()]
    rows += [_row_of_missing(key_id, standing) for key_id in sorted(standing.keys() - set(known))]
    for row in rows:
        if as_json:
            put(row)
        else:
            covers = _in_words(row.get("covers", {}), speech)
            state = say(f"keys.state.{row['state']}", speech)
            created = for_people(datetime.fromisoformat(row["created"])) if row["created"] else "-"
            print("\t".join([f"{row['kind']}-{row['kid']}", created, state, covers]).rstrip())
    lost = [kind for kind in Kind if not any(key.works for key in keyring.own() if key.kind is kind)]
    for kind in lost:
        print(
            say("keys.lost" if kind in NEEDED else "keys.no-push", speech, kind=kind.value), file=sys.stderr
        )
    if NEEDED.intersection(lost) or any(row["state"] == "missing" for row in rows):
        raise typer.Exit(Exit.REFUSED)


def renew(
    kind: Annotated[Kind, typer.Argument(help="token, receipt, wrapping or push.")],
    *,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Make a new key that does the work of its kind from now on; the old ones still verify and uncover."""
    speech = language(lang)
    keyring = opened(speech, even_empty=True)
    with told(speech):
        _run(_right_time())
        key_id = keyring.renew(kind)
    if as_json:
        put({"kind": kind.value, "kid": key_id})
        return
    print(say("keys.renewed", speech, key=f"{kind}-{key_id}"))
    print(say("keys.back-up", speech), file=sys.stderr)


def rewrap(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Bring everything that older wrapping keys cover under the newest; may be broken off and repeated."""
    speech = language(lang)
    keyring = opened(speech)
    with told(speech):
        done = _run(_rewrap(keyring, speech))
    if as_json:
        put(done)
    else:
        words = _in_words(done["done"], speech)
        print(say("keys.rewrapped", speech, key=f"wrapping-{done['kid']}", covers=words))
    for key_id, covers in done["missing"].items():
        words = _in_words(covers, speech)
        print(say("keys.rewrap.missing", speech, key=f"wrapping-{key_id}", covers=words), file=sys.stderr)
    for place in done["damaged"]:
        print(say("keys.rewrap.damaged", speech, place=place), file=sys.stderr)
    if done["missing"] or done["damaged"]:
        raise typer.Exit(Exit.REFUSED)


def retire(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As `hub key own` names it, or its beginning.")],
    *,
    yes: YesOption = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Take an older key of the hub's own out of use: a wrapping key that covers nothing, or a signing key."""
    speech = language(lang)
    keyring = opened(speech)
    chosen = _chosen(keyring, key, speech)
    if not yes:
        ask(f"keys.retire.{chosen.kind}.ask", speech)
    with told(speech):
        covers, kept = _run(_retire(keyring, chosen))
    name = chosen.name
    if kept is None:
        words = _in_words(covers, speech)
        fail(say("keys.still-covers", speech, key=name, covers=words), Exit.REFUSED)
    if as_json:
        put({"kind": chosen.kind.value, "kid": chosen.key_id, "kept": str(kept)})
    else:
        print(say(f"keys.retire.{chosen.kind}.done", speech, key=name, kept=kept))


def opened(speech: str, *, even_empty: bool = False) -> "Keyring":
    """Of this installation, as it is: only `renew` makes a key, and none in a place that is not there."""
    from hub.settings import Settings
    from hub.signing.keyring import Keyring

    with told(speech):
        directory = Settings().keys_directory
        if not directory.is_dir() or not (even_empty or listed(directory)):
            fail(say("keys.none", speech, path=directory))
        return Keyring(directory, whole=False)


async def ready(url: str, directory: "Path") -> None:
    """Make the first keys of a new installation; KeyMissing where there were keys and one is not there.

    An empty place for them beside a database that was in use: they are elsewhere, or lost.
    """
    from hub.centres import store as centres
    from hub.ops.database import connected
    from hub.plumbing.database import APP_ROLE
    from hub.signing.keyring import KeyMissing, Keyring

    if not directory.is_dir() or not listed(directory):
        async with connected(url, APP_ROLE) as database, database.transaction() as tx:
            if await centres.directory(tx):
                raise KeyMissing(key=str(directory))
    Keyring(directory)


def _chosen(keyring: "Keyring", written: str, speech: str) -> "OwnKey":
    """The one key that is meant, if it may be retired at all."""
    found = [
        key
        for key in keyring.own()
        if any(name.startswith(written) for name in (key.key_id, key.name))
        and len(written.removeprefix(f"{key.kind}-")) >= _SHORTEST
    ]
    if len(found) != 1:
        fail(say("keys.unknown", speech, key=written))
    if found[0].works:
        fail(say("keys.at-work", speech, key=found[0].name, kind=found[0].kind.value), Exit.REFUSED)
    if found[0].withdrawn is not None:
        fail(say("keys.withdrawn-already", speech, key=found[0].name))
    return found[0]


def _row(key: "OwnKey", standing: Standing) -> JsonObject:
    state = "withdrawn" if key.withdrawn else "newest" if key.works else "older"
    row = {"kind": key.kind.value, "kid": key.key_id, "created": key.created, "state": state}
    return row | ({"covers": standing.get(key.key_id, {})} if key.kind is Kind.WRAPPING else {})


def _row_of_missing(key_id: str, standing: Standing) -> JsonObject:
    """What is covered by a key that is not there: its file must come back from where it was put."""
    wrapping = {"kind": Kind.WRAPPING.value, "kid": key_id, "created": None, "state": "missing"}
    return wrapping | {"covers": standing[key_id]}


def _in_words(covers: dict[str, int], speech: str) -> str:
    return ", ".join(f"{say(f'keys.what.{what}', speech)}: {count}" for what, count in covers.items())


async def _rewrap(keyring: "Keyring", speech: str) -> JsonObject:
    """Kind by kind and batch by batch, each in a transaction of its own."""
    from hub.signing import store
    from hub.tables import WRAPPED

    newest = keyring.newest(Kind.WRAPPING)
    known = {key.key_id for key in keyring.own()}
    standing = await _standing()
    missing = {key_id: covers for key_id, covers in standing.items() if key_id not in known}
    leave = {newest, *missing}
    to_do = sum(sum(covers.values()) for key_id, covers in standing.items() if key_id not in leave)
    done: dict[str, int] = {}
    damaged: list[str] = []
    async with _owner() as database:
        for kept in WRAPPED:
            after: store.Place | None = None
            more = True
            while more:
                async with database.transaction() as tx:
                    await _act_for_all(tx)
                    batch = await store.rewrap(tx, keyring, kept, leave=leave, after=after, limit=BATCH)
                done[kept.what] = done.get(kept.what, 0) + batch.done
                damaged += [f"{kept.what} {' '.join(map(str, place))}" for place in batch.damaged]
                after, more = batch.last, batch.last is not None
                if batch.done:
                    so_far = sum(done.values())
                    print(say("keys.rewrap.progress", speech, done=so_far, all=to_do), file=sys.stderr)
    return {"kid": newest, "done": done, "missing": missing, "damaged": damaged}


async def _retire(keyring: "Keyring", key: "OwnKey") -> "tuple[dict[str, int], Path | None]":
    """What it still covers; or nothing, and where it was put.

    1. Nobody covers anything from here on, and what was being covered is committed.
    2. So what is counted now is all there is.
    3. The file goes while everybody waits; whoever covers next looks at the keys first.
    """
    from hub.signing import store

    if key.kind is not Kind.WRAPPING:
        await _right_time()
        return {}, keyring.retire(key.kind, key.key_id)
    async with _owner() as database, database.transaction() as tx:
        await store.no_new_ones(tx)
        covers = (await _count(tx)).get(key.key_id, {})
        return covers, None if covers else keyring.retire(key.kind, key.key_id)


async def _standing() -> Standing:
    async with _owner() as database, database.transaction() as tx:
        return await _count(tx)


async def _count(tx: "Tx") -> Standing:
    from hub.signing import store
    from hub.tables import WRAPPED

    await _act_for_all(tx)
    standing: Standing = {}
    for kept in WRAPPED:
        for key_id, count in (await store.under_each_key(tx, kept)).items():
            standing.setdefault(key_id, {})[kept.what] = count
    return standing


async def _act_for_all(tx: "Tx") -> None:
    """Every centre there is: nobody's values are left out."""
    from hub.centres import store as centres
    from hub.plumbing.database import act_for

    await act_for(tx, [centre.id for centre in await centres.directory(tx)])


@asynccontextmanager
async def _owner() -> AsyncIterator["Database"]:
    from hub.ops.database import connected, named, owner_setting, owner_url
    from hub.plumbing import standard_time
    from hub.plumbing.database import OWNER_ROLE
    from hub.settings import Settings

    settings = Settings()
    async with connected(owner_url(settings), OWNER_ROLE) as database:
        with named(owner_setting(settings)):
            await standard_time.ask(database)
        yield database


async def _right_time() -> None:
    """Which key is the newest, and when one was withdrawn, is told by the database's clock."""
    async with _owner():
        return


def _run(work: "Coroutine[Any, Any, T]") -> T:
    from hub.ops.database import run

    return run(work)
