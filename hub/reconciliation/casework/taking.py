"""A page of an extract comes in; the one that makes the extract whole has it compared in its transaction.

Source: features N10. The same page again gets the same answer, another content in its place is refused.
"""

from datetime import datetime

from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.reconciliation import store
from hub.reconciliation.casework.comparing import Whole, compare_whole
from hub.reconciliation.pages import PageDiffers, SoFar, awaited, check
from hub.signing.statement import SignedStatement
from saikne_schemas.reconciliation import ExtractTaken
from saikne_schemas.register_entries import RegisterExtract


async def take(
    desk: Desk, tenant: CentreId, statement: SignedStatement, page: RegisterExtract
) -> ExtractTaken:
    """Keep the page; `tenant` is the centre or the register's side, whose extract it is."""
    tx, taken_at = desk.tx, page.taken_at
    await store.one_extract_at_a_time(tx)
    last = await store.last_page(tx, tenant, taken_at)
    there = await store.pages(tx, tenant, taken_at)
    for earlier in there:
        if earlier.page == page.page:
            return _first_answer(earlier, statement)
    numbers = {row.page for row in there}
    compared_last = await store.compared_last(tx, tenant)
    check(page, SoFar(numbers, last, compared_last), desk.now)
    if page.last:
        last = page.page
        await store.set_last(tx, tenant, taken_at, page.page)
    missing = awaited({*numbers, page.page}, last)
    taken = ExtractTaken(taken_at=taken_at, page=page.page, sha256=statement.sha256.hex(), awaited=missing)
    if not missing:
        digests = {row.page: row.sha256 for row in there} | {page.page: statement.sha256}
        contents = await store.contents(tx, tenant, taken_at) | {page.page: statement.body}
        compared = await compare_whole(desk, Whole(tenant, taken_at, digests, contents))
        taken = taken.model_copy(update={"compared": compared})
    await store.keep_page(tx, _row(desk.now, tenant, statement, page) | _kept(taken, statement))
    return taken


def _first_answer(earlier: store.PageRow, statement: SignedStatement) -> ExtractTaken:
    if earlier.sha256 != statement.sha256:
        raise PageDiffers(page=earlier.page)
    return ExtractTaken.model_validate(earlier.answer)


def _row(
    now: datetime, tenant: CentreId, statement: SignedStatement, page: RegisterExtract
) -> dict[str, object]:
    return {
        "tenant_id": tenant,
        "taken_at": page.taken_at,
        "page": page.page,
        "last": page.last,
        "sha256": statement.sha256,
        "key_id": statement.key_id,
        "nonce": statement.nonce,
        "received_at": now,
    }


def _kept(taken: ExtractTaken, statement: SignedStatement) -> dict[str, object]:
    """The content waits for the other pages; once they are compared nothing of it is kept."""
    return {
        "answer": taken.model_dump(mode="json"),
        "content": statement.body if taken.compared is None else None,
    }
