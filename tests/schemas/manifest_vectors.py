"""Writes schemas/vectors/manifests.json: documents of the wire, good and damaged in one place each.

Run `python -m tests.schemas.manifest_vectors` after a change of the rules. `errors` are the places where the
hub finds fault, in the order in which it tells them; an empty place is the document as a whole. `schema` says
whether the published JSON Schema alone would let the document pass: some rules it cannot hold.
"""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.export import PUBLISHED, name_of, schema_of
from saikne_schemas.reading import Unreadable, read
from saikne_schemas.wire import WireDocument

FILE = Path(__file__).parents[2] / "schemas" / "vectors" / "manifests.json"
DOCUMENTS = {name_of(document): document for document in PUBLISHED if issubclass(document, WireDocument)}
Place = tuple[str | int, ...]
ABSENT = object()

VERSION_1, VERSION_5 = "e1a3c1f0-7c5e-11ee-b962-0242ac120002", "0d3f6f0a-3f53-5f0e-9d0c-9a0a5b2f1c77"
_PROOF_ID = "c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f"
_PAPER = {"no": 1, "form": "family_case", "subject": "AG-2001", "pages": 84,
          "original": "paper", "derivative": "copy"}  # fmt: skip
_CERTIFICATION = {"words": "KOPIJA PAREIZA", "officer": "Solvita Krēsliņa", "position": "vadītāja",
                  "organisation": "SIA Ligzda", "on": "2026-03-09"}  # fmt: skip
_CHILDREN = [f"AG-2001-B{number}" for number in range(1, 22)]

GOOD: list[tuple[str, str, dict[Place, Any]]] = [
    ("a child's IAP is asked for", "request",
     {("kind",): "child_iap", ("family",): None, ("legal_basis",): "method_child_move"}),
    ("a family without named children", "request", {("children",): []}),
    ("one certification for the whole set", "answer",
     {("certification",): _CERTIFICATION,
      ("documents", 0, "certification"): None, ("documents", 1, "certification"): None}),
    ("a refusal of a family never ours", "refuse", {("reason",): "not_our_family", ("since",): None}),
    ("a refusal because it was answered", "refuse",
     {("reason",): "already_answered", ("since",): None,
      ("answered_in",): "0f0a4c1b-6f2f-4f5f-9b2f-6b1c4a9e2d10"}),
    ("a dispute with what shows it", "dispute-refusal",
     {("proofs",): [{"id": _PROOF_ID, "sha256": "7e" * 32}]}),
    ("a supplement of forms only", "supplement", {("children",): []}),
    ("an offer by another way", "offer", {("receipt", "channel"): "email_two_step"}),
    ("a centre's number with a Latvian letter", "request", {("family",): "AĢ-2003"}),
    ("the same, decomposed", "request", {("family",): "AG\u0327-2003"}),
    ("an officer's name, decomposed", "answer",
     {("documents", 0, "certification", "officer"): "Solvita Kre\u0304sli\u0326n\u0327a"}),
    ("a whole number with a point", "dispatch", {("round",): 1.0}),
    ("a reference of two characters", "request", {("family",): "A1"}),
    ("an electronic original without a certification", "answer",
     {("documents", 0, "derivative"): "original", ("documents", 0, "certification"): None}),
    ("a competence review names the spouse", "answer",
     {("documents", 0, "form"): "competence_review", ("documents", 0, "spouse"): 2}),
    ("copies wished in person", "request", {("receipt",): {"channel": "in_person"}}),
    ("copies wished as a registered item", "request", {("receipt",): {"channel": "registered_post"}}),
    ("an archive where paper was wished", "answer",
     {("way",): {"channel": "hub", "password_channel": "sms"}, ("departure",): "asked_by_requester"}),
    ("paper certified document by document", "paper-answer",
     {("certification",): None, ("documents",): [_PAPER | {"certification": _CERTIFICATION}]}),
    ("paper that is the original itself", "paper-answer",
     {("certification",): None, ("documents",): [_PAPER | {"derivative": "original"}]}),
    ("an item numbered otherwise than by S10", "posted", {("item_number",): "LV 2026-77"}),
    ("an outcome with its proof", "post-outcome", {("proofs",): [{"id": _PROOF_ID, "sha256": "7e" * 32}]}),
    ("a dispatch of a complete answer gives no reason", "dispatch", {("incomplete_because",): ABSENT}),
    ("a dispute that is not about single documents", "dispute",
     {("reason",): "wrong_password", ("documents",): []}),
]  # fmt: skip
BAD: list[tuple[str, str, dict[Place, Any]]] = [
    ("a field nobody knows", "request", {("note",): "x"}),
    ("another version", "request", {("schema",): "saikne.request/2"}),
    ("another document's name", "request", {("schema",): "saikne.answer/1"}),
    ("no holder", "request", {("holder",): ABSENT}),
    ("a holder that is null", "request", {("holder",): None}),
    ("an identity that is no UUID", "request", {("id",): "1"}),
    ("an identity with a time in it", "request", {("id",): VERSION_1}),
    ("an identity made from a name", "request", {("id",): VERSION_5}),
    ("paper with a password", "request",
     {("receipt",): {"channel": "in_person", "password_channel": "sms"}}),
    ("an archive without a password", "request", {("receipt",): {"channel": "hub"}}),
    ("a paper answer that goes by the hub", "paper-answer", {("way",): "hub"}),
    ("a paper answer numbered from two", "paper-answer", {("documents", 0, "no"): 2}),
    ("paper certified twice", "paper-answer", {("documents", 0, "certification"): _CERTIFICATION}),
    ("paper certified by nobody", "paper-answer", {("certification",): None}),
    ("originals certified as a set", "paper-answer",
     {("documents",): [_PAPER | {"derivative": "original"}]}),
    ("an electronic original on paper", "paper-answer",
     {("documents", 0, "original"): "electronic", ("documents", 0, "derivative"): "original"}),
    ("an original on paper with a certification", "paper-answer",
     {("certification",): None,
      ("documents",): [_PAPER | {"derivative": "original", "certification": _CERTIFICATION}]}),
    ("a competence review on paper without its spouse", "paper-answer",
     {("documents", 0, "form"): "competence_review"}),
    ("a document of no page", "paper-answer", {("documents", 0, "pages"): 0}),
    ("a hand-over without its signed sheet", "handed-over", {("proofs",): []}),
    ("a hand-over to nobody", "handed-over", {("to",): ABSENT}),
    ("a hand-over by another right", "handed-over", {("authority",): "neighbour"}),
    ("an item without a number", "posted", {("item_number",): ""}),
    ("an item number of 41 characters", "posted", {("item_number",): "R" + "1" * 40}),
    ("a name as an item number", "posted", {("item_number",): "Anna Berzina"}),
    ("a posting without the post's receipt", "posted", {("proofs",): ABSENT}),
    ("an outcome nobody knows", "post-outcome", {("outcome",): "lost"}),
    ("papers that cannot be read are confirmed", "paper-receipt", {("readable",): False}),
    ("a reason in own words", "resolve", {("reason",): "found in a drawer"}),
    ("a person's name as a reference", "request", {("family",): "Bērziņa Anna"}),
    ("a name in capitals as a reference", "request", {("family",): "BERZINA"}),
    ("a personal code as a reference", "request", {("family",): "120390-12345"}),
    ("a personal code without its hyphen inside a reference", "request", {("family",): "AG-12039012345"}),
    ("a personal code behind an officer's name", "answer",
     {("documents", 0, "certification", "officer"): "Solvita Krēsliņa 120390-12345"}),
    ("a training at an address", "training-contract", {("premises",): "Pasta iela 37-4, Jelgava"}),
    ("a reference in small letters", "request", {("family",): "ag-2001"}),
    ("a reference of one character", "request", {("family",): "1"}),
    ("a reference of 41 characters", "request", {("family",): "A1" + "0" * 39}),
    ("what is offered unasked is asked for", "request",
     {("kind",): "child_information", ("family",): None}),
    ("a supplement of nothing", "supplement", {("children",): [], ("forms",): []}),
    ("a supplement that names a form twice", "supplement", {("forms",): ["iap", "iap"]}),
    ("a supplement with a form nobody knows", "supplement", {("forms",): ["diary"]}),
    ("an offer about a name", "offer", {("child",): "Bērziņa Anna"}),
    ("an extension to a moment", "propose-extension", {("until",): "2026-03-27T10:00:00Z"}),
    ("an extension for a reason of one's own", "propose-extension", {("reason",): "busy"}),
    ("a refusal for a reason of one's own", "refuse", {("reason",): "busy"}),
    ("a refusal of a family that is gone since nobody knows when", "refuse", {("since",): None}),
    ("a refusal that says since when for another reason", "refuse", {("reason",): "no_ground"}),
    ("a refusal because it was answered, nobody knows where", "refuse",
     {("reason",): "already_answered", ("since",): None}),
    ("a dispute of no refusal", "dispute-refusal", {("refusal",): ABSENT}),
    ("an agreement to nothing", "accept-extension", {("proposal",): ABSENT}),
    ("a child's IAP with a family", "request", {("kind",): "child_iap"}),
    ("a child's IAP of two children", "request",
     {("kind",): "child_iap", ("family",): None, ("children",): _CHILDREN[:2]}),
    ("a child's IAP of no child", "request", {("kind",): "child_iap", ("family",): None, ("children",): []}),
    ("a family's case without the family", "request", {("family",): ABSENT}),
    ("a child twice", "request", {("children",): ["AG-2001-B1", "AG-2001-B1"]}),
    ("twenty-one children", "request", {("children",): _CHILDREN}),
    ("a kind that is not on the list", "request", {("kind",): "whole_archive"}),
    ("a legal basis in free words", "request", {("legal_basis",): "pēc vienošanās"}),
    ("a way of receipt that is not on the list", "request", {("receipt", "channel"): "fax"}),
    ("no way for the password", "request", {("receipt", "password_channel"): ABSENT}),
    ("no documents", "answer", {("documents",): []}),
    ("documents numbered from two", "answer", {("documents", 0, "no"): 2, ("documents", 1, "no"): 3}),
    ("documents out of order", "answer", {("documents", 0, "no"): 2, ("documents", 1, "no"): 1}),
    ("a digest in capitals", "answer", {("documents", 0, "sha256"): "9F" * 32}),
    ("a digest that is too short", "answer", {("documents", 0, "sha256"): "9f" * 31}),
    ("an empty document", "answer", {("documents", 0, "bytes"): 0}),
    ("a document of more than 8 GiB", "answer", {("documents", 0, "bytes"): 8 * 1024**3 + 1}),
    ("a length with a fraction", "answer", {("documents", 0, "bytes"): 1.5}),
    ("a length as text", "answer", {("documents", 0, "bytes"): "184320"}),
    ("a copy without its certification", "answer", {("documents", 1, "certification"): None}),
    ("a copy certified twice", "answer",
     {("certification",): _CERTIFICATION}),
    ("an electronic original with a certification", "answer", {("documents", 1, "derivative"): "original"}),
    ("a competence review without the spouse", "answer", {("documents", 0, "form"): "competence_review"}),
    ("an IAP with a spouse", "answer", {("documents", 1, "spouse"): 1}),
    ("sections of a plan", "answer", {("documents", 1, "sections"): ["general"]}),
    ("sections of a plan on paper", "paper-answer",
     {("documents", 0, "form"): "support_plan", ("documents", 0, "sections"): ["general"]}),
    ("a personal code with a stroke", "request", {("family",): "120390/12345"}),
    ("a personal code with a point", "request", {("family",): "120390.12345"}),
    ("a personal code of the new kind", "request", {("family",): "AG-320390/12345"}),
    ("a name with a number behind it", "request", {("family",): "JANIS-BERZINS-1"}),
    ("a personal code with a dash behind an officer's name", "answer",
     {("documents", 0, "certification", "officer"): "Solvita Krēsliņa 010190–12345"}),
    ("an officer with a direction mark", "answer",
     {("documents", 0, "certification", "officer"): "Solvita\u202eKrēsliņa"}),
    ("an officer with what has no width", "answer",
     {("documents", 0, "certification", "officer"): "Solvita\u200bKrēsliņa"}),
    ("an officer with a character that is not assigned", "answer",
     {("documents", 0, "certification", "officer"): "Solvita\u0378"}),
    ("a day as a number", "answer", {("documents", 0, "certification", "on"): 0}),
    ("a day as digits", "answer", {("documents", 0, "certification", "on"): "20260309"}),
    ("a moment as a number", "notice-received", {("received_at",): 1773132060}),
    ("a moment without seconds", "notice-received", {("received_at",): "2026-03-10T08:41Z"}),
    ("an identity in capitals", "request", {("holder",): "0D3F6F0A-3F53-5F0E-9D0C-9A0A5B2F1C77"}),
    ("an identity as a URN", "request", {("holder",): "urn:uuid:0d3f6f0a-3f53-5f0e-9d0c-9a0a5b2f1c77"}),
    ("an identity without hyphens", "request", {("holder",): "0d3f6f0a3f535f0e9d0c9a0a5b2f1c77"}),
    ("a third spouse", "answer", {("spouses",): 3}),
    ("a form that is not on the list", "answer", {("documents", 0, "form"): "medical_record"}),
    ("a media type that does not travel", "answer", {("documents", 0, "media_type"): "text/html"}),
    ("a path as a reference", "answer", {("documents", 0, "subject"): "../../ETC/1"}),
    ("an officer in two lines", "answer",
     {("documents", 0, "certification", "officer"): "Solvita\nKrēsliņa"}),
    ("an officer with a space before", "answer", {("documents", 0, "certification", "officer"): " Solvita"}),
    ("an officer without a name", "answer", {("documents", 0, "certification", "officer"): ""}),
    ("a certification on no day", "answer", {("documents", 0, "certification", "on"): "2026-02-30"}),
    ("words that certify nothing", "answer", {("documents", 0, "certification", "words"): "PAREIZI"}),
    ("a round of nought", "dispatch", {("round",): 0}),
    ("a round as text", "discard", {("round",): "1"}),
    ("a round that is a yes", "hand-over-again", {("round",): True}),
    ("a reason in free words", "dispatch", {("incomplete_because",): "vecāki neatļāva"}),
    ("it arrived but does not open", "confirmation", {("opens",): False}),
    ("a receipt in two parts", "confirmation", {("complete",): ABSENT}),
    ("a receipt that says one instead of yes", "confirmation", {("arrived",): 1}),
    ("a receipt without documents", "confirmation", {("documents",): []}),
    ("a dispute for another reason", "dispute", {("reason",): "too_late"}),
    ("a withdrawal for another reason", "withdrawal", {("reason",): "changed_our_mind"}),
    ("a password for nobody", "reveal", {("spoken_by",): ABSENT}),
    ("a password for a person without a position", "reveal", {("spoken_by", "position"): ABSENT}),
    ("an enrolment for nothing", "enrolment", {("scopes",): []}),
    ("an enrolment with one key", "enrolment", {("keys",): [EXAMPLES[DOCUMENTS["key-rotation"]]["keys"][0]]}),  # type: ignore[index]
    ("an enrolment with a private key", "enrolment", {("keys", 0, "d"): "A" * 43}),
    ("a telephone number without its country", "enrolment", {("contacts", "password_phone"): "20000001"}),
    ("a mailbox with a second one behind it", "enrolment",
     {("contacts", "notices"): "a@example.org,b@example.org"}),
    ("a registration number of a person", "enrolment",
     {("legal_entity", "registration_number"): "12039012345"}),
    ("a rotation to no key", "key-rotation", {("keys",): []}),
]  # fmt: skip
TEXTS = {
    "nothing": "",
    "no JSON": "schema=saikne.dispatch/1",
    "half a document": '{"schema":"saikne.dispatch/1","id":',
    "two documents": "{}{}",
    "a list": "[]",
    "null": "null",
    "a number that is none": '{"schema":"saikne.dispatch/1","round":NaN}',
    "a byte order mark": "\ufeff{}",
    "a name twice": (
        '{"schema":"saikne.dispatch/1","id":"2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d6e",'
        '"exchange":"0d3f6f0a-3f53-5f0e-9d0c-9a0a5b2f1c77","round":1,"round":2}'
    ),
}


def changed(document: str, changes: dict[Place, Any]) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(EXAMPLES[DOCUMENTS[document]]))
    for place, value in changes.items():
        inner: Any = written
        for step in place[:-1]:
            inner = inner[step]
        if value is ABSENT:
            del inner[place[-1]]
        else:
            inner[place[-1]] = value
    return written


def errors(document: str, text: str) -> list[str]:
    """Where the reader finds fault, or else which names stand twice."""
    try:
        read(DOCUMENTS[document], text.encode())
    except Unreadable as wrong:
        return [error.partition(":")[0] for error in wrong.errors]
    return []


def vector(name: str, document: str, manifest: Any) -> dict[str, Any]:
    found = errors(document, json.dumps(manifest))
    validator = Draft202012Validator(
        schema_of(DOCUMENTS[document]), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return {
        "name": name,
        "document": document,
        "manifest": manifest,
        "expected": "malformed" if found else "accepted",
        "errors": found,
        "schema": "passes" if validator.is_valid(manifest) else "fails",
    }


def vectors() -> dict[str, Any]:
    good: list[tuple[str, str, dict[Place, Any]]] = [
        (f"the example of {name}", name, {}) for name in DOCUMENTS
    ]
    made = [
        vector(name, document, changed(document, changes)) for name, document, changes in [*good, *GOOD, *BAD]
    ]
    texts = [
        {
            "name": name,
            "document": "dispatch",
            "text": text,
            "expected": "malformed",
            "errors": errors("dispatch", text),
        }
        for name, text in TEXTS.items()
    ]
    return {
        "about": "Documents of the wire as the hub reads them, before any rule of the exchange.",
        "vectors": [*made, *texts],
    }


def written() -> str:
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
