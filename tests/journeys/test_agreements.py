"""A matter's way through the hub, told by the simplest one: a written agreement between two centres."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from saikne import AnswerFile, Hub, HubRefusal, compose, prepare_answer, verify_statement
from saikne.statements import wire_bytes
from saikne_schemas.agreements import (
    AcceptAgreement,
    AgreementView,
    EndAgreement,
    ProposeAgreement,
    RefuseAgreement,
)
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import AnswerManifest, AuthorisedPerson
from saikne_schemas.matters import MatterStatement
from saikne_schemas.signed_files import Verdict
from saikne_schemas.vocabulary import FormType, RequestSignatures, SignaturesAgreed, Workflow
from tests.journeys.by_command import done
from tests.journeys.conftest import centre
from tests.journeys.play import CERTIFIED, CHILD, Play, chain_of, code_of, pdf
from tests.journeys.test_canaries import hunt
from tests.peers import signed_files
from tests.peers.signing_people import SIGNER

OFFICER = ("--officer", "Solvita Krēsliņa", "--position", "vadītāja", "--on", "2026-11-20")
if TYPE_CHECKING:
    from collections.abc import Mapping

CIELAVA = Contacts(notices="centrs@cielava.example")
CIELAVA_TOO = Contacts(notices="centrs@dzeguze.example")
HEAD = AuthorisedPerson(name="Ieva Priede", position="vadītāja")


def proposal(play: Play, **changes: Any) -> ProposeAgreement:
    fields: Mapping[str, Any] = {
        "proposer": play.requester.credentials.centre,
        "addressee": play.holder.credentials.centre,
        "reference": "VIEN-2026/4",
        "signed_on": date(2026, 2, 27),
        "valid_from": date(2026, 3, 1),
        "signatures": SignaturesAgreed.PLAIN,
        "signed_by": HEAD,
    }
    return compose(ProposeAgreement, **{**fields, **changes})


async def proposed(play: Play) -> UUID:
    return (await play.requester.tell(proposal(play))).matter


async def in_force(play: Play) -> UUID:
    matter = await proposed(play)
    await play.holder.tell(compose(AcceptAgreement, matter=matter, signed_by=HEAD))
    return matter


async def test_an_agreement_is_recorded_confirmed_and_ended(play: Play) -> None:
    begun = await play.requester.tell(proposal(play))
    assert (begun.workflow, begun.state, begun.warnings) == (Workflow.AGREEMENT, "proposed", [])
    accepted = await play.holder.tell(compose(AcceptAgreement, matter=begun.matter, signed_by=HEAD))
    assert accepted.state == "in_force"
    last = date.today() + timedelta(days=30)  # noqa: DTZ011  # far enough from any midnight
    assert (
        await play.requester.tell(compose(EndAgreement, matter=begun.matter, last_day=last))
    ).state == "ended"
    for hub, role in ((play.requester, "proposer"), (play.holder, "addressee")):
        view = await hub.matter(AgreementView, begun.matter)
        assert (view.role, view.state, view.content.valid_to) == (role, "ended", last)
        assert await anext(line.id async for line in hub.matters(Workflow.AGREEMENT, "ended")) == begun.matter
        assert (await hub.matter_line(begun.matter)).others == [
            party.name for party in view.parties if party.role != role
        ]


async def test_every_statement_of_a_matter_proves_itself_and_stands_in_both_chains(play: Play) -> None:
    matter = await in_force(play)
    said = await play.holder.matter_statements(matter)
    assert [one.kind for one in said] == ["saikne.agreement/1", "saikne.agreement-accepted/1"]
    keys = await play.holder.jwks()
    for statement in said:
        verify_statement(statement, keys)
    for hub in (play.requester, play.holder):
        events, verdict = await chain_of(hub)
        assert verdict.holds
        kinds = [event.kind for event in events if event.about == matter]
        assert kinds == ["agreements.agreement.proposed", "agreements.agreement.accepted"]


async def test_a_statement_said_again_is_answered_as_the_first_was(play: Play) -> None:
    statement = proposal(play)
    first = await play.requester.tell(statement)
    acceptance = compose(AcceptAgreement, matter=first.matter, signed_by=HEAD)
    accepted = await play.holder.tell(acceptance)
    assert await play.requester.tell(statement) == first
    assert await play.holder.tell(acceptance) == accepted
    assert len(await play.holder.matter_statements(first.matter)) == 2
    other = statement.model_copy(update={"reference": "VIEN-2026/5"})
    with pytest.raises(HubRefusal, match=r"matters\.identity-reused"):
        await play.requester.tell(other)


async def test_a_notice_is_mailed_without_personal_data(play: Play) -> None:
    matter = await proposed(play)
    mail = await play.mailed_about(matter, play.holder)
    assert "vienošanos" in mail.text
    assert "VIEN-2026/4" not in mail.text + mail.subject


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signed_on": date(2026, 3, 2)}, "agreements.days-out-of-order"),
        ({"valid_to": date(2026, 2, 28)}, "agreements.days-out-of-order"),
        ({"signed_on": date(2099, 1, 1), "valid_from": date(2099, 1, 1)}, "days.in-the-future"),
        ({"addressee": uuid4()}, "matters.party-unknown"),
    ],
)
async def test_what_may_not_be_recorded_is_refused_and_leaves_nothing(
    play: Play, changes: dict[str, Any], code: str
) -> None:
    before = await play.sql("SELECT count(*) FROM hub.matter")
    with pytest.raises(HubRefusal) as refused:
        await play.requester.tell(proposal(play, **changes))
    assert refused.value.code == code
    assert await play.sql("SELECT count(*) FROM hub.matter") == before


async def test_one_centre_alone_ends_an_agreement_but_does_not_prolong_it(play: Play) -> None:
    last = date.today() + timedelta(days=30)  # noqa: DTZ011  # far enough from any midnight
    matter = (await play.requester.tell(proposal(play, valid_to=last))).matter
    await play.holder.tell(compose(AcceptAgreement, matter=matter, signed_by=HEAD))
    later = compose(EndAgreement, matter=matter, last_day=last + timedelta(days=1))
    assert await outcome(play.requester, later) == (422, "agreements.ends-later-than-agreed")
    view = await play.requester.matter(AgreementView, matter)
    assert (view.state, view.content.valid_to) == ("in_force", last)
    assert (await play.requester.tell(compose(EndAgreement, matter=matter, last_day=last))).state == "ended"


async def test_an_agreement_with_oneself_or_between_others_is_refused(play: Play) -> None:
    ours, theirs = play.requester.credentials.centre, play.holder.credentials.centre
    with pytest.raises(HubRefusal, match=r"matters\.party-unknown"):
        await play.requester.tell(proposal(play, addressee=ours))
    with pytest.raises(HubRefusal, match=r"matters\.not-your-matter"):
        await play.stranger.tell(proposal(play, proposer=ours, addressee=theirs))


async def test_an_agreement_is_not_recorded_in_the_other_centres_name(play: Play) -> None:
    ours, theirs = play.requester.credentials.centre, play.holder.credentials.centre
    in_their_name = proposal(play, proposer=theirs, addressee=ours)
    assert await outcome(play.requester, in_their_name) == (409, "matters.step-not-allowed")


def statements_about(matter: UUID) -> dict[str, MatterStatement]:
    return {
        "accept": compose(AcceptAgreement, matter=matter, signed_by=HEAD),
        "refuse": compose(RefuseAgreement, matter=matter),
        "end": compose(EndAgreement, matter=matter, last_day=date(2030, 1, 1)),
    }


ALLOWED = {
    ("proposed", "addressee"): {"accept", "refuse"},
    ("proposed", "proposer"): {"refuse"},
    ("in_force", "addressee"): {"end"},
    ("in_force", "proposer"): {"end"},
}


@pytest.mark.parametrize("state", ["proposed", "in_force", "refused", "ended"])
@pytest.mark.parametrize("role", ["proposer", "addressee", "stranger", "overseer"])
async def test_only_listed_steps_are_taken_by_their_role(play: Play, state: str, role: str) -> None:
    for action in statements_about(uuid4()):
        matter = await {"proposed": proposed}.get(state, in_force)(play)
        if state == "refused":
            matter = await proposed(play)
            await play.holder.tell(compose(RefuseAgreement, matter=matter))
        if state == "ended":
            await play.holder.tell(statements_about(matter)["end"])
        hub = {"proposer": play.requester, "addressee": play.holder, "overseer": play.overseer}.get(
            role, play.stranger
        )
        statement = statements_about(matter)[action]
        if action in ALLOWED.get((state, role), set()):
            assert (await hub.tell(statement)).matter == matter
            continue
        wanted = {"stranger": (404, "matters.not-found"), "overseer": (403, "access.scope-missing")}
        assert await outcome(hub, statement) == wanted.get(role, (409, "matters.step-not-allowed"))


async def outcome(hub: Hub, statement: MatterStatement) -> tuple[int, str]:
    with pytest.raises(HubRefusal) as refused:
        await hub.tell(statement)
    return refused.value.status, refused.value.code


async def test_a_matter_is_no_others_to_see(play: Play) -> None:
    matter = await in_force(play)
    for path in (f"/v1/agreements/{matter}", f"/v1/matters/{matter}", f"/v1/matters/{matter}/statements"):
        answer = await (await play.by_hand(play.stranger)).get(path)
        assert code_of(answer) == (404, "matters.not-found")
    assert not [line async for line in play.stranger.matters() if line.id == matter]


async def test_a_statement_sent_to_another_matters_address_is_refused(play: Play) -> None:
    matter, other = await proposed(play), await proposed(play)
    body = wire_bytes(compose(RefuseAgreement, matter=matter))
    answer = await (await play.by_hand(play.holder)).post(f"/v1/agreements/{other}/refuse", body)
    assert code_of(answer) == (400, "matters.other-matter")


async def test_what_two_centres_agreed_decides_which_signature_suffices(play: Play) -> None:
    async with Hub(await centre(play.stage, "Cielava", "40008000206", CIELAVA)) as other:
        await agreed_signatures_decide(play, other)


async def agreed_signatures_decide(play: Play, other: Hub) -> None:
    first = await in_force_with(play, other, SignaturesAgreed.QUALIFIED)
    request = play.request(holder=other.credentials.centre)
    with pytest.raises(HubRefusal) as refused:
        await play.requester.tell(request)
    assert (refused.value.status, refused.value.code) == (422, "agreements.qualified-signature-needed")
    note = play.new_folder().with_suffix(".txt")
    note.write_text("a note that nobody signed", encoding="utf-8")
    unsigned = play.request(holder=other.credentials.centre, proofs=[await play.requester.send_proof(note)])
    with pytest.raises(HubRefusal, match=r"agreements\.qualified-signature-needed"):
        await play.requester.tell(unsigned)
    file = play.new_folder().with_suffix(".edoc")
    sound = signed_files.container()
    for content, code in (
        (signed_files.with_another_document(sound), "proofs.signature-altered"),
        (signed_files.unsigned(), "proofs.not-signed"),
        (signed_files.container(stamped=False), "proofs.signature-incomplete"),
    ):
        file.write_bytes(content)
        lacking = [await play.requester.send_proof(file)]
        with pytest.raises(HubRefusal) as refused:
            await play.requester.tell(play.request(holder=other.credentials.centre, proofs=lacking))
        assert (refused.value.status, refused.value.code) == (422, code)
    file.write_bytes(sound)
    proof = await play.requester.send_proof(file)
    signed = play.request(holder=other.credentials.centre, proofs=[proof])
    taken = await play.requester.tell(signed)
    for side in (play.requester, other):
        assert (await side.exchange(taken.exchange)).signatures is RequestSignatures.QUALIFIED_CLAIMED
    await the_answer_has_to_be_signed_too(play, other, taken.exchange, sound)
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011  # ended, whatever the hour
    await play.sql(
        "UPDATE hub.matter SET content = jsonb_set(content::jsonb, '{valid_to}', to_jsonb($2::text))"
        " WHERE matter_id = $1",
        first,
        yesterday.isoformat(),
    )
    with pytest.raises(HubRefusal, match=r"agreements\.ended"):
        await play.requester.tell(request)
    await in_force_with(play, other, SignaturesAgreed.PLAIN)
    plain = await play.requester.tell(request)
    assert (await other.exchange(plain.exchange)).signatures is RequestSignatures.PLAIN


async def the_answer_has_to_be_signed_too(play: Play, other: Hub, exchange: UUID, sound: bytes) -> None:
    file = play.new_folder().with_suffix(".pdf")
    file.write_bytes(pdf("the part of the child"))
    files = [AnswerFile(file, FormType.IAP, CHILD, certification=CERTIFIED)]

    async def told(content: bytes | None) -> AnswerManifest:
        signed = play.new_folder().with_suffix(".edoc")
        signed.write_bytes(content or b"")
        by = await other.send_proof(signed) if content else None
        answer = await prepare_answer(exchange, files, certified_by=by)
        await other.tell(answer)
        return answer

    for content, code in (
        (None, "agreements.signed-certification-needed"),
        (signed_files.unsigned(), "proofs.not-signed"),
        (signed_files.with_another_signature(sound), "proofs.signature-altered"),
        (signed_files.container(stamped=False), "proofs.signature-incomplete"),
    ):
        with pytest.raises(HubRefusal) as refused:
            await told(content)
        assert (refused.value.status, refused.value.code) == (422, code)
    container = play.new_folder().with_suffix(".edoc")
    container.write_bytes(sound)
    typed = ("answer", str(exchange), f"iap:{CHILD}={file}", *OFFICER, "--certified-by", str(container))
    await done(play, other, *typed)
    for side in (play.requester, other):
        view = await side.exchange(exchange)
        assert view.answer is not None
        for shown in (view.signed_request, view.answer.certified_by):
            assert shown is not None
            assert (shown.signatures, [by.name for by in shown.signers]) == (Verdict.WHOLE, [SIGNER])
    assert await hunt(play, [SIGNER], []) == []
    await each_side_reads_what_the_other_signed(play, other, exchange, sound)


async def each_side_reads_what_the_other_signed(play: Play, other: Hub, exchange: UUID, sound: bytes) -> None:
    view = await other.exchange(exchange)
    assert view.answer is not None
    request, certification = view.signed_request, view.answer.certified_by
    assert request is not None
    assert certification is not None
    for reader, file in ((other, request), (play.requester, certification)):
        path = await reader.fetch_signed(exchange, file, play.new_folder())
        assert path.read_bytes() == sound
        rows = await play.sql(
            "SELECT count(*) FROM hub.event WHERE kind = 'proofs.proof.opened'"
            " AND convert_from(body, 'UTF8')::json->>'proof' = $1"
            " AND convert_from(body, 'UTF8')::json->>'reader' = $2",
            *(str(file.id), str(reader.credentials.centre)),
        )
        assert rows[0][0] == 2  # on both chains
    folder = play.new_folder()
    read = await done(play, play.requester, "signed", str(exchange), "--to", str(folder))
    assert sorted(one["path"] for one in read["files"]) == sorted(map(str, folder.iterdir()))
    assert {one["signatures"] for one in read["files"]} == {"whole"}
    paper = play.new_folder().with_suffix(".txt")
    paper.write_text("a note of one's own", encoding="utf-8")
    own = await other.send_proof(paper)
    unnamed = certification.model_copy(update={"id": own.id})
    for stranger, file, code in (
        (play.stranger, request, "exchange.not-found"),
        (play.requester, unnamed, "proofs.not-found"),
    ):
        with pytest.raises(HubRefusal) as refused:
            await stranger.fetch_signed(exchange, file, play.new_folder())
        assert (refused.value.status, refused.value.code) == (404, code)


async def in_force_with(play: Play, other: Hub, signatures: SignaturesAgreed) -> UUID:
    proposed = proposal(play, addressee=other.credentials.centre, signatures=signatures)
    matter = (await play.requester.tell(proposed)).matter
    await other.tell(compose(AcceptAgreement, matter=matter, signed_by=HEAD))
    return matter


async def test_a_matter_goes_on_without_a_party_that_was_suspended_and_none_is_begun_with_it(
    play: Play,
) -> None:
    async with Hub(await centre(play.stage, "Dzeguze", "40008000210", CIELAVA_TOO)) as other:
        paper = proposal(play, addressee=other.credentials.centre)
        matter = (await play.requester.tell(paper)).matter
        await play.sql("UPDATE hub.centre SET state = 'suspended' WHERE id = $1", other.credentials.centre)
        assert (await play.requester.tell(compose(RefuseAgreement, matter=matter))).state == "refused"
        with pytest.raises(HubRefusal, match=r"matters\.party-unknown"):
            await play.requester.tell(proposal(play, addressee=other.credentials.centre))


@pytest.mark.parametrize("state", ["%00", "A", "a" * 41, "in%20force"])
async def test_a_state_that_no_workflow_can_have_is_refused(play: Play, state: str) -> None:
    answer = await (await play.by_hand(play.requester)).get(f"/v1/matters?state={state}")
    assert code_of(answer) == (400, "http.refused")
