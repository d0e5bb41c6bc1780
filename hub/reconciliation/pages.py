"""Whether a page belongs to an extract as it is known so far, and which pages are still awaited.

Source: features N10. Pages come in any order; the last one says that it is. An extract counts when it is
whole, and none that is older than the one compared last: it would bring back what has been put right.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.kernel.refusal import Refusal
from saikne_schemas.reconciliation import PAGES_AT_MOST
from saikne_schemas.register_entries import RegisterExtract

CLOCKS_DIFFER = timedelta(minutes=5)


class TakenInTheFuture(Refusal):
    code = "reconciliation.taken-in-the-future"


class OlderThanCompared(Refusal):
    """A later extract has been compared."""

    code = "reconciliation.older-than-compared"


class PageDiffers(Refusal):
    """A page of this number came before, with another content."""

    code = "reconciliation.page-differs"


class PageDoesNotFit(Refusal):
    """Behind the last page, a second last one, or one of too many."""

    code = "reconciliation.page-does-not-fit"


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known of one extract, and of the one compared last."""

    pages: Collection[int]
    last: int | None
    compared_last: datetime | None


def check(page: RegisterExtract, so_far: SoFar, now: datetime) -> None:
    """Refuse a new page that cannot belong to what is there."""
    if page.taken_at > now + CLOCKS_DIFFER:
        raise TakenInTheFuture(taken_at=page.taken_at.isoformat())
    if so_far.compared_last is not None and page.taken_at <= so_far.compared_last:
        raise OlderThanCompared(compared=so_far.compared_last.isoformat())
    last = page.page if page.last else so_far.last
    highest = max([page.page, *so_far.pages])
    second_last = page.last and so_far.last is not None
    if second_last or page.page > PAGES_AT_MOST or (last is not None and highest > last):
        raise PageDoesNotFit(page=page.page, last=last)


def awaited(pages: Collection[int], last: int | None) -> list[int]:
    """Pages that are not there; while the last one is not known, the next one stands for all that follow."""
    until = last if last is not None else max(pages) + 1
    return [number for number in range(1, until + 1) if number not in pages]
