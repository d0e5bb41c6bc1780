"""Nothing that is printed says that a centre outside of the hub was told: the hub writes to members alone."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

import saikne.command
from saikne.command.hearing import tell_done, tell_unreached
from saikne.command.speech import Console, speak_in
from saikne.wording import CATALOGUE
from saikne_schemas import extensions, manifests, offers, outside, paper, refusals, supplements
from saikne_schemas.catalogue import LANGUAGES
from saikne_schemas.examples.matters import REGISTER
from saikne_schemas.matters import DutyView
from saikne_schemas.statements import ExchangeStatement
from saikne_schemas.vocabulary import SideRole

CLAIMS = re.compile(
    r"centr\w* (\S+ ){0,6}(ir informēt|(ir )?(par to )?(ir )?paziņots)|[Pp]iekrišana nosūtīta|ir jautāts"
    r"|uzzinās, ka informācija|told the (holder|requester)"
    r"|(\}|Ozols) is told|centres and oversight are told|centre was asked"
)
OF_OTHERS = {"warning.child_placed_without_information"}
"""Of what people do themselves."""
QUIET = {
    "_dispatched": "the archive itself goes out by it",
    "answer_on_paper": "only declared; the papers themselves go to the other centre",
    "handed_over": "who took the papers knows of it",
    "posted": "the papers themselves are under way",
    "post_outcome": "how the item came, or that it came back, is seen by who awaits it",
    "discard": "what was not sent concerns nobody else",
    "hand_over_again": "a password is awaited by who asks",
    "prolong": "how long a password lives in the hub",
    "confirm": "a receipt; on paper who brought them has the signature",
    "confirmed": "as confirm",
    "request": "request.outside says that a letter brings it",
    "received": "said of the outside centre itself",
    "request_copies": "as request",
    "iap_asked_for": "as request",
}
"""Statements about copies after which the other centre need not be written to, and why."""
SOURCES = {path.name: path.read_text("utf-8") for path in Path(saikne.command.__file__).parent.glob("*.py")}
ROOMS = (extensions, manifests, offers, outside, paper, refusals, supplements)
STATEMENTS = {
    name
    for room in ROOMS
    for name, one in vars(room).items()
    if isinstance(one, type) and issubclass(one, ExchangeStatement) and one is not ExchangeStatement
}


def claiming(language: str) -> list[str]:
    """Sentences by which another centre is informed."""
    return [
        one
        for one in sorted(CATALOGUE.identifiers(language))
        if not one.startswith("help.") and one not in OF_OTHERS
        if any(CLAIMS.search(form) for form in CATALOGUE.forms(one, language))
    ]


def told_by(name: str) -> set[str]:
    return {one for text in SOURCES.values() for one in re.findall(rf'{name}\(\s*[^)]*?"([a-z.-]+)"', text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_claim_has_another_sentence_for_an_outside_centre(language: str) -> None:
    found = claiming(language)
    assert len(found) > 2
    assert [one for one in found if not CATALOGUE.known(f"{one}.outside", language)] == []
    assert {*found} <= told_by("tell_done")
    assert not {*found} & told_by("console.tell")


def test_whoever_states_something_about_copies_says_who_has_to_be_written_to() -> None:
    assert len(STATEMENTS) > 20
    stating = {
        one.name: ast.unparse(one)
        for text in SOURCES.values()
        for one in ast.walk(ast.parse(text))
        if isinstance(one, ast.AsyncFunctionDef)
        if any(re.search(rf"compose\(\s*{name}\b", ast.unparse(one)) for name in STATEMENTS)
    }
    assert {name for name, body in stating.items() if "tell_done(" not in body} == QUIET.keys()
    assert {"dispute", "withdraw", "supplement", "resolve", "accept_refusal"} <= stating.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["outside", "member", None])
@pytest.mark.parametrize("role", [SideRole.REQUESTER, SideRole.HOLDER])
async def test_only_an_outside_centre_is_to_be_written_to(
    role: SideRole, state: str | None, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other, own = uuid4(), uuid4()
    holder, requester = (other, own) if role is SideRole.REQUESTER else (own, other)
    view: Any = SimpleNamespace(
        role=role, holder=holder, requester=requester, holder_name="Ozols", requester_name="Ozols"
    )

    async def known() -> list[Any]:
        return [SimpleNamespace(id=other, state=state)] if state else []

    hub: Any = SimpleNamespace(outside_centres=known)
    speak_in(language)
    for said in claiming(language):
        await tell_done(Console(as_json=False), hub, view, said, **_facts(said, language))
        printed = capsys.readouterr().out
        claimed, written = CLAIMS.search(printed), re.search("rakstiski|in writing", printed)
        assert (claimed is None, written is not None) == ((state == "outside"),) * 2, printed


def _facts(said: str, language: str) -> dict[str, str]:
    names = {name for form in CATALOGUE.forms(said, language) for name in re.findall(r"\{(\w+)\}", form)}
    return dict.fromkeys(names, "Ozols")


@pytest.mark.parametrize("outside", [True, False])
def test_of_a_matter_who_owes_something_is_to_be_written_to(
    capsys: pytest.CaptureFixture[str], *, outside: bool
) -> None:
    speak_in("lv")
    owed = [DutyView.model_validate(REGISTER | {"owner_name": "Ozols", "owner_outside": outside})] * 2
    tell_unreached(Console(as_json=False), SimpleNamespace(duties=owed))
    assert capsys.readouterr().out.count("paziņojiet tam rakstiski") == int(outside)
