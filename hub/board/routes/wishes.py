"""What somebody wants to see of the work list, as it stands in an address: what is none, is nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from hub.board.casework.worklist import When, Wish
from hub.duties.duty import DutyKind

REFERENCE_AT_MOST = 60


def wish_of(said: Mapping[str, str]) -> Wish:
    when, kind = said.get("when", ""), said.get("kind", "")
    return Wish(
        when=When(when) if when in set(When) else When.ALL,
        after=said.get("after"),
        on=day_of(said.get("on", "")),
        kind=DutyKind(kind) if kind in set(DutyKind) else None,
        reference=said.get("reference", "").strip()[:REFERENCE_AT_MOST],
        newest=said.get("order") == "newest",
    )


def query_of(wish: Wish, group: When | None = None) -> str:
    """The address of what is wished, or of the same in another group: all but the place in the list."""
    if group is not None:
        wish = replace(wish, when=group, on=None)
    said = {
        "when": "" if wish.when is When.ALL else wish.when,
        "on": wish.on or "",
        "kind": wish.kind or "",
        "reference": wish.reference,
        "order": "newest" if wish.newest else "",
    }
    return urlencode({name: str(one) for name, one in said.items() if one})


def day_of(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
