"""`hub trust-lists`: the trusted lists by which signatures in files are traced, and until when each holds.

Source: MK 473 p. 3 (domain 2.3); TS 119 612. It looks at what every file is traced by: the same
folder, judged by the same library.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from hub.ops.bad_news import told
from hub.ops.console import JsonOption, LangOption, fail, language, put, say
from saikne_schemas.command_line import Exit

if TYPE_CHECKING:
    from hub.proofs.gateways.trusted_lists import TrustedList


def trust_lists(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Which trusted lists are installed, and whether they are in force; if they are not, it ends with 1."""
    from hub.settings import Settings

    speech = language(lang)
    with told(speech):
        folder = Settings().trust_lists
    if folder is None:
        if as_json:
            put({"folder": None, "in_force": False, "lists": []})
        else:
            print(say("trust-lists.none", speech))
        return
    lists, in_force = _look(folder, speech)
    if as_json:
        put({"folder": str(folder), "in_force": in_force, "lists": [_document(one) for one in lists]})
    else:
        for one in lists:
            print(_line(one, speech))
        print(say("trust-lists.in-force" if in_force else "trust-lists.not-in-force", speech, folder=folder))
    if not in_force:
        raise typer.Exit(Exit.REFUSED)


def _look(folder: Path, speech: str) -> "tuple[list[TrustedList], bool]":
    """What every file would be traced by."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context
    from xml.etree.ElementTree import ParseError

    from hub.proofs.gateways import confinement
    from hub.proofs.gateways.examination import furnish
    from hub.proofs.gateways.examiner import lists_in_force
    from hub.proofs.gateways.trusted_lists import followed

    try:
        lists = followed(folder)
        with TemporaryDirectory(prefix="examiner-") as place:
            furnish(Path(place), folder)
            # Alone: where a list is out of date the library would try for long to fetch it.
            with ProcessPoolExecutor(1, get_context("fork"), confinement.stay_alone) as alone:
                return lists, alone.submit(lists_in_force, Path(place)).result()
    except ModuleNotFoundError:
        fail(say("trust-lists.not-on-this-machine", speech))
    except (OSError, ParseError, ValueError) as trouble:
        fail(say("trust-lists.unreadable", speech, folder=folder, why=trouble))


def _document(one: "TrustedList") -> dict[str, object]:
    moments = {"issued_at": one.issued_at, "next_update": one.next_update}
    return {
        "file": one.file,
        "territory": one.territory,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "services": len(one.services),
        "names": sorted(one.names),
    }


def _line(one: "TrustedList", speech: str) -> str:
    from hub.kernel.clock import now, riga_day
    from saikne_schemas.moments import for_people

    days = {
        name: for_people(riga_day(moment)) if moment else "-"
        for name, moment in (("issued", one.issued_at), ("until", one.next_update))
    }
    over = one.next_update is not None and one.next_update < now()
    facts = {"file": one.file, "territory": one.territory, "services": len(one.services), **days}
    return say("trust-lists.line.over" if over else "trust-lists.line", speech, **facts)
