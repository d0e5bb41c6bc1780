"""A family moves between two centres of a running hub: on time, late, or with no notice at all."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.kernel.clock import now, riga_day
from saikne import Hub, HubRefusal, compose, verify_statement
from saikne.statements import wire_bytes
from saikne_schemas.correction_words import CorrectionReason
from saikne_schemas.corrections import CorrectNotice, CorrectRegistration
from saikne_schemas.enrolment import Contacts
from saikne_schemas.family_move_words import (
    CourtChannel,
    DatedBy,
    LateNoticeChoice,
    NoticeChannel,
    OverrideReason,
)
from saikne_schemas.family_moves import (
    AskNotice,
    ConfirmOverride,
    CopiesAsked,
    CourtTold,
    DecideLateNotice,
    NoticeNotReceived,
    NoticeReceived,
    OverrideDate,
    Registered,
    Talked,
)
from saikne_schemas.matters import DutyView, MatterStatement
from saikne_schemas.vocabulary import DutyKind, Workflow
from tests.journeys.conftest import centre
from tests.journeys.family_moves import (
    IEVA,
    ON_TIME,
    SOLVITA,
    TALK,
    agreed,
    begun,
    cancelled,
    closed,
    dated,
    done,
    in_working_days,
    known_in_time,
    late,
    noticed,
    proof,
    seen,
    statements_about,
)
from tests.journeys.play import Play, chain_of, code_of
from tests.journeys.registrations import register_key

VALODZE = Contacts(notices="centrs@valodze.example")


async def owed(hub: Hub, matter: UUID) -> dict[DutyKind, DutyView]:
    """What is open, by kind."""
    return {one.kind: one for one in (await seen(hub, matter)).duties if one.ended_at is None}


async def test_a_notice_on_time_dates_the_move_and_the_last_thing_done_closes_it(play: Play) -> None:
    matter = await agreed(play)
    view = await seen(play.holder, matter)
    assert (view.state, view.role, view.content.effective_on) == ("agreed", "previous", None)
    assert set(await owed(play.requester, matter)) == {DutyKind.TALK, DutyKind.ACKNOWLEDGE_NOTICE}
    assert set(await owed(play.holder, matter)) == {DutyKind.ACKNOWLEDGE_NOTICE}
    accepted = await play.holder.tell(await noticed(play, matter, ON_TIME))
    assert (accepted.workflow, accepted.state, accepted.warnings) == (Workflow.FAMILY_MOVE, "dated", [])
    view = await seen(play.requester, matter)
    assert (view.content.effective_on, view.content.dated_by) == (date(2026, 9, 1), DatedBy.NOTICE_ON_TIME)
    mine, theirs = await owed(play.requester, matter), await owed(play.holder, matter)
    assert {kind: (one.stake, one.due_on) for kind, one in mine.items()} == {
        DutyKind.TALK: ("owes", in_working_days(10)),
        DutyKind.REGISTER: ("owes", in_working_days(3)),
        DutyKind.COURT_NOTICE: ("owes", in_working_days(3)),
        DutyKind.REQUEST_COPIES: ("owes", in_working_days(3)),
        DutyKind.ARCHIVE_CASE: ("awaits", in_working_days(10)),
    }
    assert {one.basis for kind, one in mine.items() if kind != DutyKind.TALK} == {"move_date_known"}
    assert (view.content.known_on, mine[DutyKind.ARCHIVE_CASE].by_method) == (riga_day(now()), False)
    assert {kind: one.stake for kind, one in theirs.items()} == {DutyKind.ARCHIVE_CASE: "owes"}
    assert await done(play, matter, date(2026, 9, 1)) == ["dated", "dated", "dated", "dated", "closed"]
    view = await seen(play.holder, matter)
    assert (view.state, view.content.remaining) == ("closed", [])
    for hub in (play.requester, play.holder):
        assert {one.ending for one in (await seen(hub, matter)).duties} == {"met"}


@pytest.mark.parametrize(
    ("choice", "effective_on"),
    [(LateNoticeChoice.RELEASE, date(2026, 9, 1)), (LateNoticeChoice.CONTINUE, date(2026, 10, 1))],
)
async def test_a_late_notice_waits_for_the_previous_centres_choice(
    play: Play, choice: LateNoticeChoice, effective_on: date
) -> None:
    matter = await late(play)
    view = await seen(play.requester, matter)
    assert (view.state, view.content.effective_on) == ("late", None)
    waiting = (await owed(play.requester, matter))[DutyKind.DECIDE_LATE_NOTICE]
    assert (waiting.stake, waiting.due_on) == ("awaits", in_working_days(1))
    decision = compose(DecideLateNotice, matter=matter, choice=choice, decided_by=SOLVITA)
    assert (await play.holder.tell(decision)).state == "dated"
    view = await seen(play.holder, matter)
    assert (view.content.effective_on, str(view.content.dated_by)) == (effective_on, choice.value)
    assert (await owed(play.requester, matter))[DutyKind.REGISTER].due_on == in_working_days(3)
    assert DutyKind.DECIDE_LATE_NOTICE not in await owed(play.requester, matter)
    assert (await done(play, matter, effective_on))[-1] == "closed"


async def test_without_a_notice_no_day_is_assumed_until_both_centres_name_one(play: Play) -> None:
    matter = await agreed(play)
    await play.requester.tell(compose(AskNotice, matter=matter))
    assert (await play.mailed_about(matter, play.holder, "jautā")).text
    assert (await play.holder.tell(compose(NoticeNotReceived, matter=matter))).state == "agreed"
    view = await seen(play.requester, matter)
    assert view.content.asked_at is not None
    assert view.content.not_received_at is not None
    mine = {DutyKind.TALK, DutyKind.PROVE_NOTICE}
    assert (view.content.effective_on, set(await owed(play.requester, matter))) == (None, mine)
    proposal = compose(
        OverrideDate,
        matter=matter,
        effective_on=date(2026, 9, 1),
        reason=OverrideReason.AGREED_BY_ALL,
        proposed_by=IEVA,
    )
    assert (await play.requester.tell(proposal)).state == "agreed"
    alone = compose(ConfirmOverride, matter=matter, override=proposal.id, confirmed_by=IEVA)
    assert await refusal(play.requester, alone) == (422, "transfers.second-person-needed")
    second = compose(ConfirmOverride, matter=matter, override=proposal.id, confirmed_by=SOLVITA)
    assert await refusal(play.requester, second) == (409, "transfers.other-centre-confirms")
    assert (await play.holder.tell(second)).state == "dated"
    view = await seen(play.holder, matter)
    assert (view.content.effective_on, view.content.dated_by) == (date(2026, 9, 1), DatedBy.OVERRIDE)
    assert (await done(play, matter, date(2026, 9, 1)))[-1] == "closed"


async def test_where_the_previous_centre_has_closed_a_second_person_of_the_new_one_confirms(
    play: Play,
) -> None:
    async with Hub(await centre(play.stage, "Vālodze", "40008000225", VALODZE)) as previous:
        matter = (await play.requester.tell(begun(play, previous=previous.credentials.centre))).matter
        proposal = compose(
            OverrideDate,
            matter=matter,
            effective_on=date(2026, 9, 1),
            reason=OverrideReason.CENTRE_CLOSED,
            proposed_by=IEVA,
        )
        await play.requester.tell(proposal)
        confirmed = compose(ConfirmOverride, matter=matter, override=proposal.id, confirmed_by=SOLVITA)
        assert await refusal(play.requester, confirmed) == (409, "transfers.other-centre-confirms")
        await play.sql("UPDATE hub.centre SET state = 'suspended' WHERE id = $1", previous.credentials.centre)
        assert (await play.requester.tell(confirmed)).state == "dated"
        view = await seen(play.requester, matter)
        assert (view.content.effective_on, view.content.dated_by) == (date(2026, 9, 1), DatedBy.OVERRIDE)


async def test_another_day_drops_what_was_counted_from_the_first_and_counts_anew(play: Play) -> None:
    matter = await dated(play)
    entry = compose(Registered, matter=matter, registered_on=date(2026, 9, 2), registered_by=IEVA)
    await play.requester.tell(entry)
    proposal = compose(
        OverrideDate,
        matter=matter,
        effective_on=date(2026, 10, 1),
        reason=OverrideReason.ERROR_CORRECTED,
        proposed_by=SOLVITA,
    )
    await play.holder.tell(proposal)
    await play.requester.tell(
        compose(ConfirmOverride, matter=matter, override=proposal.id, confirmed_by=IEVA)
    )
    view = await seen(play.requester, matter)
    assert view.content.registered is None
    told = [(one.kind, one.ending) for one in view.duties if one.kind != DutyKind.TALK]
    begun_anew = (DutyKind.COURT_NOTICE, DutyKind.REQUEST_COPIES, DutyKind.ARCHIVE_CASE)
    assert sorted(told, key=str) == sorted(
        [
            (DutyKind.ACKNOWLEDGE_NOTICE, "met"),
            (DutyKind.ANSWER_DATE, "met"),
            (DutyKind.REGISTER, "met"),
            (DutyKind.REGISTER, None),
            *((kind, ending) for kind in begun_anew for ending in ("withdrawn", None)),
        ],
        key=str,
    )


async def test_a_register_entry_and_a_told_court_are_late_by_their_own_days(play: Play) -> None:
    """Both are stated long after; what counts is the day that they record."""
    matter = await dated(play)
    await known_in_time(play, matter)
    late_entry = compose(Registered, matter=matter, registered_on=date(2026, 9, 9), registered_by=IEVA)
    in_time = compose(
        CourtTold,
        matter=matter,
        court="LV-041",
        channel=CourtChannel.E_ADDRESS,
        sent_on=date(2026, 9, 4),
        proofs=[await proof(play, play.requester)],
    )
    assert [(await play.requester.tell(one)).warnings for one in (late_entry, in_time)] == [[], []]
    duties = {one.kind: one for one in (await seen(play.requester, matter)).duties}
    told = {kind: (one.due_on, one.met_on, one.met_late_by) for kind, one in duties.items()}
    assert told[DutyKind.REGISTER] == (date(2026, 9, 4), date(2026, 9, 9), 3)
    assert told[DutyKind.COURT_NOTICE] == (date(2026, 9, 4), date(2026, 9, 4), 0)
    assert told[DutyKind.ARCHIVE_CASE] == (in_working_days(10), None, None)


async def test_nobody_is_late_for_days_on_which_the_day_of_the_move_was_not_known(play: Play) -> None:
    matter = await dated(play)
    entry = compose(Registered, matter=matter, registered_on=date(2026, 9, 9), registered_by=IEVA)
    await play.requester.tell(entry)
    (duty,) = [one for one in (await seen(play.requester, matter)).duties if one.kind == DutyKind.REGISTER]
    assert (duty.basis, duty.due_on, duty.met_late_by) == ("move_date_known", in_working_days(3), 0)


async def test_every_statement_of_a_move_proves_itself_and_stands_in_both_chains(play: Play) -> None:
    matter = await closed(play)
    said = await play.requester.matter_statements(matter)
    assert len(said) == 7
    keys = await play.requester.jwks()
    for one in said:
        verify_statement(one, keys)
    for hub in (play.requester, play.holder):
        events, verdict = await chain_of(hub)
        assert verdict.holds
        assert [one.kind for one in events if one.about == matter and one.kind.startswith("tr")] == [
            "transfers.family_move.agreed",
            "transfers.notice.received",
            "transfers.talk.held",
            "transfers.family_move.registered",
            "transfers.court.told",
            "transfers.family_case.archived",
            "transfers.family_copies.asked",
        ]


async def test_a_statement_said_again_is_answered_as_the_first_was(play: Play) -> None:
    opening = begun(play)
    first = await play.requester.tell(opening)
    notice = await noticed(play, first.matter, ON_TIME)
    received = await play.holder.tell(notice)
    talk = compose(Talked, matter=first.matter, held_on=date(2026, 8, 12), **TALK)
    talked = await play.requester.tell(talk)
    assert await play.requester.tell(opening) == first
    assert await play.holder.tell(notice) == received
    assert await play.requester.tell(talk) == talked
    assert len(await play.holder.matter_statements(first.matter)) == 3


async def test_a_move_is_mailed_without_personal_data(play: Play) -> None:
    matter = await late(play)
    for hub, words in ((play.holder, "audžuģimenes pāreju"), (play.requester, "pēdējās trīs darbdienās")):
        mail = await play.mailed_about(matter, hub, words)
        assert "AG-7741" not in mail.text + mail.subject


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreed_on": date(2099, 1, 1)}, "workdays.year-not-known"),
        ({"territory": "LV-999"}, "transfers.territory-unknown"),
        ({"previous": uuid4()}, "matters.party-unknown"),
    ],
)
async def test_what_may_not_begin_is_refused_and_leaves_nothing(
    play: Play, changes: dict[str, Any], code: str
) -> None:
    before = await play.sql("SELECT count(*) FROM hub.matter")
    with pytest.raises(HubRefusal) as refused:
        await play.requester.tell(begun(play, **changes))
    assert refused.value.code == code
    assert await play.sql("SELECT count(*) FROM hub.matter") == before


async def test_only_the_new_centre_begins_a_move(play: Play) -> None:
    assert await refusal(play.holder, begun(play)) == (409, "matters.step-not-allowed")
    assert await refusal(play.stranger, begun(play)) == (403, "matters.not-your-matter")


async def test_bad_input_changes_nothing(play: Play) -> None:
    matter = await agreed(play)
    notice = await noticed(play, matter, ON_TIME)
    bare = compose(
        NoticeReceived,
        matter=matter,
        channel=NoticeChannel.SMS,
        received_at=notice.received_at,
        proofs=[],
    )
    others = notice.model_copy(update={"id": uuid4(), "proofs": [notice.proofs[0], *FOREIGN]})
    early = await noticed(play, matter, "2026-07-01T00:00:00Z")
    for statement, code in (
        (bare, "transfers.notice-without-evidence"),
        (others, "proofs.unknown"),
        (early, "days.before-cause"),
    ):
        assert (await refusal(play.holder, statement))[1] == code
    assert (await seen(play.holder, matter)).state == "agreed"
    assert len(await play.holder.matter_statements(matter)) == 1


FOREIGN = statements_about(uuid4())["notice"].proofs  # type: ignore[attr-defined]


async def test_an_exchange_about_something_else_is_not_the_moves(play: Play) -> None:
    matter, exchange = await dated(play), await play.ask()
    named = compose(CopiesAsked, matter=matter, exchange=exchange)
    assert (await refusal(play.requester, named))[1] == "transfers.exchange-does-not-fit"
    assert (await seen(play.requester, matter)).content.copies is None


async def test_a_move_is_begun_and_read_by_a_program_of_its_own(play: Play) -> None:
    hands, others = await play.by_hand(play.requester), await play.by_hand(play.stranger)
    opening = begun(play, family="AG-7790", children=["AG-7790-B1"])
    answer = await hands.post("/v1/family-moves", wire_bytes(opening))
    assert (answer.status_code, answer.json()["state"]) == (201, "agreed")
    path = f"/v1/family-moves/{answer.json()['matter']}"
    shown = (await hands.get(path)).json()
    assert (shown["role"], shown["content"]["effective_on"]) == ("new", None)
    assert shown["content"]["court_name"] == "Jelgavas novada bāriņtiesa"
    asked = compose(AskNotice, matter=shown["id"])
    wrong = await hands.post(f"/v1/family-moves/{uuid4()}/ask-notice", wire_bytes(asked))
    assert code_of(wrong) == (400, "matters.other-matter")
    assert (await hands.post(f"{path}/ask-notice", wire_bytes(asked))).status_code == 200
    assert code_of(await others.get(path)) == (404, "matters.not-found")
    assert code_of(await others.post(f"{path}/ask-notice", wire_bytes(asked))) == (404, "matters.not-found")


STATES = {"agreed": agreed, "late": late, "dated": dated, "closed": closed, "cancelled": cancelled}
_ALWAYS = ("talk", "propose", "confirm", "decline", "cancel")
ALLOWED = {
    ("agreed", "new"): {"claim", "ask", *_ALWAYS},
    ("agreed", "previous"): {"notice", "late notice", "deny", *_ALWAYS},
    ("late", "new"): {"claim", "take back", *_ALWAYS},
    ("late", "previous"): {"decide", "correct notice", *_ALWAYS},
    ("dated", "new"): {
        *("register", "correct entry", "court", "copies", "give up", "object", *_ALWAYS),
        *("prepare", "again", "take back"),
    },
    ("dated", "previous"): {"archive", "correct notice", "object", *_ALWAYS},
    ("closed", "new"): {"prepare", "again", "take back", "correct entry"},
    ("cancelled", "new"): {"take back"},
}
BY_RULE = {
    **dict.fromkeys(("notice", "late notice", "claim", "court", "correct notice"), "proofs.unknown"),
    "correct entry": "transfers.nothing-to-correct",
    **dict.fromkeys(("confirm", "decline"), "transfers.override-not-standing"),
    "object": "transfers.nothing-to-object-to",
    "copies": "transfers.exchange-does-not-fit",
    "prepare": "agis.register-key-unknown",
    **dict.fromkeys(("again", "take back"), "agis.registration-unknown"),
}
"""What a step that the table allows is refused for here: what it names is made up."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ["new", "previous", "stranger", "overseer"])
async def test_only_listed_steps_are_taken_by_their_role(play: Play, state: str, role: str) -> None:
    await register_key(play)
    hubs = {"new": play.requester, "previous": play.holder, "overseer": play.overseer}
    hub, matter = hubs.get(role, play.stranger), await STATES[state](play)
    wanted = {"stranger": (404, "matters.not-found"), "overseer": (403, "access.scope-missing")}
    allowed = ALLOWED.get((state, role), set())
    for name, statement in statements_about(matter).items():
        if name not in allowed:
            refused = await refusal(hub, statement)
            assert (name, refused) == (name, wanted.get(role, (409, "matters.step-not-allowed")))
    assert (await seen(play.requester, matter)).state == state
    for name, statement in statements_about(matter).items():
        if name == "correct entry" and name in allowed and state == "closed":
            assert (await hub.tell(statement)).state == state
        elif name in allowed & BY_RULE.keys():
            assert (await refusal(hub, statement))[1] == BY_RULE[name]
        elif name == "cancel" and name in allowed and state == "dated":
            assert await refusal(hub, statement) == (409, "transfers.move-in-effect")
        elif name in allowed:
            fresh = matter if name in {"ask", "deny", "talk", "propose"} else await STATES[state](play)
            assert (await hub.tell(statements_about(fresh)[name])).matter == fresh


async def refusal(hub: Hub, statement: MatterStatement) -> tuple[int, str]:
    with pytest.raises(HubRefusal) as refused:
        await hub.tell(statement)
    return refused.value.status, refused.value.code


async def test_a_notice_told_wrongly_is_put_right_and_both_days_are_shown(play: Play) -> None:
    matter = await late(play)
    right = compose(
        CorrectNotice,
        matter=matter,
        received_at=datetime.fromisoformat(ON_TIME),
        reason=CorrectionReason.PROOF_SAYS_OTHERWISE,
        corrected_by=SOLVITA,
        proofs=[await proof(play, play.holder)],
    )
    assert (await play.holder.tell(right)).state == "dated"
    view = await seen(play.requester, matter)
    assert (view.content.effective_on, view.content.dated_by) == (date(2026, 9, 1), DatedBy.NOTICE_ON_TIME)
    assert [(one.before, one.after) for one in view.content.corrections] == [
        (date(2026, 8, 27), date(2026, 8, 20))
    ]
    assert (await play.mailed_about(matter, play.requester, "ir labojis")).text
    owes = await owed(play.requester, matter)
    assert DutyKind.DECIDE_LATE_NOTICE not in owes
    assert DutyKind.REGISTER in owes


async def test_a_wrong_day_of_the_register_is_put_right_and_its_duty_follows(play: Play) -> None:
    matter = await dated(play)
    await known_in_time(play, matter)
    entry = compose(Registered, matter=matter, registered_on=date(2026, 9, 9), registered_by=IEVA)
    await play.requester.tell(entry)
    right = compose(
        CorrectRegistration,
        matter=matter,
        registered_on=date(2026, 9, 3),
        reason=CorrectionReason.MISTYPED,
        corrected_by=IEVA,
    )
    await play.requester.tell(right)
    view = await seen(play.requester, matter)
    (duty,) = [one for one in view.duties if one.kind == DutyKind.REGISTER]
    assert (duty.due_on, duty.met_on, duty.met_late_by) == (date(2026, 9, 4), date(2026, 9, 3), 0)
    assert (await seen(play.holder, matter)).content.corrections == view.content.corrections
    overseen = await play.sql(
        "SELECT DISTINCT done_on FROM hub.duty WHERE matter_id = $1 AND kind = 'register'", matter
    )
    assert [row["done_on"] for row in overseen] == [date(2026, 9, 3)]  # as a month's report reads it
    chains = await play.sql(
        "SELECT kind, count(*) AS chains FROM hub.event WHERE about_id = $1 AND kind LIKE '%.corrected'"
        " GROUP BY 1",
        matter,
    )
    assert [tuple(row) for row in chains] == [("transfers.registration.corrected", 3)]
