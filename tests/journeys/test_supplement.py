"""A child was placed since: the same exchange goes on, and what was confirmed before stays confirmed."""

import pytest

from saikne import AnswerFile, HubRefusal, compose, prepare_answer, verify_receipt
from saikne_demo.stage import LIGZDA
from saikne_schemas.manifests import Dispatch
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, FormType, SupplementReason
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import CERTIFIED, CHILD, FAMILY, Answered, Play, pdf, until
from tests.terms import term_of

OTHER = "AG-7741-B2"


def papers(play: Play, *forms: tuple[FormType, str]) -> list[AnswerFile]:
    folder = play.new_folder()
    folder.mkdir()
    files = []
    for number, (form, subject) in enumerate(forms, 1):
        path = folder / f"{number}.pdf"
        path.write_bytes(pdf(f"{folder} {number}"))
        files.append(AnswerFile(path, form, subject, certification=CERTIFIED))
    return files


async def test_a_confirmed_exchange_goes_on_with_a_term_of_its_own(play: Play) -> None:
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    assert (await play.finish(await play.answer(exchange))).state is ExchangeState.CONFIRMED
    first = await play.requester.receipt(exchange)
    met = term_of(await play.holder.exchange(exchange)).met_at

    said = ("supplement", str(exchange), "--child", OTHER, "--form", "support_plan")
    shown = await done(play, play.requester, *said, "--reason", "child_placed_since")
    assert (shown["state"], shown["children"]) == ("requested", [CHILD, OTHER])
    await play.mailed(LIGZDA.notices, exchange, "papildin")
    term = term_of(await play.holder.exchange(exchange))
    assert (term.met_at, term.basis) == (None, "supplement_received")
    assert str(exchange) in [str(one.id) async for one in play.holder.inbox()]
    _, status = await told(play, play.holder, "status", str(exchange), language="lv")
    assert f"Papildus pieprasīts: bērni {OTHER}" in status

    files = papers(play, (FormType.IAP, OTHER))
    manifest = await prepare_answer(exchange, files, spouses=1, children=[CHILD, OTHER])
    answered = Answered(exchange, manifest, {1: files[0].path}, round=2)
    view = await play.send(answered)
    assert view.answer is not None
    assert [one.form for one in view.answer.missing] == [FormType.SUPPORT_PLAN]
    with pytest.raises(HubRefusal, match=r"exchange\.forms-missing"):
        await play.holder.tell(compose(Dispatch, exchange=exchange, round=2))

    await done(play, play.holder, "discard", str(exchange))
    files = papers(play, (FormType.IAP, OTHER), (FormType.SUPPORT_PLAN, FAMILY))
    manifest = await prepare_answer(exchange, files, spouses=1, children=[CHILD, OTHER])
    answered = Answered(exchange, manifest, {n: f.path for n, f in enumerate(files, 1)}, round=3)
    await play.send(answered)
    await play.dispatch(answered)
    assert (await play.finish(answered)).state is ExchangeState.CONFIRMED
    second = await play.requester.receipt(exchange)
    assert second.earlier == [first.receipt]
    jwks = await play.requester.jwks()
    rounds = [verify_receipt(one, jwks)["round"] for one in (*second.earlier, second.receipt)]
    assert rounds == [1, 3]
    ends = await play.sql(
        "SELECT DISTINCT starts_on, ended_at, ending FROM hub.duty"
        " WHERE matter_id = $1 AND kind = 'answer' ORDER BY ended_at",
        exchange,
    )
    assert [row["ending"] for row in ends] == ["met", "met"]
    assert ends[0]["ended_at"] == met


async def test_a_prepared_answer_goes_back_when_more_is_asked_for(play: Play) -> None:
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    due = term_of(await play.holder.exchange(exchange)).due_on
    await play.send(await play.prepare(exchange))
    assert play.objects(exchange)
    said = compose(Supplement, exchange=exchange, children=[OTHER], reason=SupplementReason.ASKED_BY_COURT)
    assert (await play.requester.tell(said)).state is ExchangeState.REQUESTED

    async def left() -> int:
        return len(play.objects(exchange))

    assert await until(left, lambda count: count == 0) == 0
    view = await play.holder.exchange(exchange)
    assert (term_of(view).due_on, view.children) == (due, [CHILD, OTHER])
    erased = await play.sql("SELECT erased_because FROM hub.password WHERE exchange_id = $1", exchange)
    assert [row[0] for row in erased] == ["discarded"]


async def test_nothing_of_a_family_is_asked_when_a_child_moves(play: Play) -> None:
    exchange = await play.ask()
    before = await play.traces(exchange)
    wrong = [
        (("--form", "family_case"), (1, "exchange.document-may-not-travel")),
        (("--child", OTHER), (1, "exchange.one-child-only")),
        (("--child", CHILD), (1, "exchange.supplement-adds-nothing")),
        ((), (2, "input.refused")),
    ]
    for said, code in wrong:
        told_so = await refused(
            play, play.requester, "supplement", str(exchange), *said, "--reason", "found_missing"
        )
        assert told_so == code
    assert await play.traces(exchange) == before
