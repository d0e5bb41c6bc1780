"""Every wire document, valid and damaged at each of its places in each way we know of.

The damages are of kinds: another type, another spelling of the same, too long, out of range, left out, added,
said twice. Every property that a schema has stands in at least one of the valid instances.
"""

import copy
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from saikne_schemas.export import schema_of
from tests.schemas.manifest_vectors import BAD, DOCUMENTS, GOOD, Place, changed

ABSENT = object()
_PROOF = {"id": "c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f", "sha256": "7e" * 32}
_UUID = "9f1c2d3e-4b5a-4c6d-8e7f-1a2b3c4d5e6f"
_CERTIFICATION = {"words": "KOPIJA PAREIZA", "officer": "Solvita Krēsliņa", "position": "vadītāja",
                  "organisation": "SIA Ligzda", "on": "2026-03-09"}  # fmt: skip
_FOR_OUTSIDE = {"centre": _UUID, "on": "2026-03-09", "came_by": "post", "proofs": [_PROOF]}
_MISSING = {"form": "family_case", "subject": "AG-2001", "section": "capacity", "because": "not_drawn_up"}
_REVIEW = {"form": "competence_review", "subject": "AG-2001", "spouse": 2, "because": "held_elsewhere"}
_DESPITE = {"already": [_UUID], "reason": "other_family"}
_MEANT = {"to": _UUID, **_PROOF}
FULLER: list[tuple[str, dict[Place, Any]]] = [
    ("request", {("proofs",): [_PROOF], ("identities",): [_MEANT], ("despite",): _DESPITE}),
    ("talk-needed", {("evaluation_on",): "2027-03-01"}),
    ("offer", {("identities",): [_MEANT]}),
    ("supplement", {("identities",): [_MEANT]}),
    ("dispute-refusal", {("identities",): [_MEANT]}),
    ("family-move", {("identities",): [_MEANT], ("despite",): _DESPITE}),
    ("child-move", {("identities",): [_MEANT], ("despite",): _DESPITE}),
    ("sibling-contact", {("identities",): [_MEANT]}),
    ("answer", {("spouses",): 2, ("way",): {"channel": "hub", "password_channel": "sms"},
                ("departure",): "volume_too_large", ("certification",): _CERTIFICATION,
                ("documents", 0, "certification"): None, ("documents", 1, "certification"): None,
                ("documents", 0, "sections"): ["general", "capacity"], ("accounted",): True,
                ("certified_by",): _PROOF}),
    ("answer", {("documents", 0, "form"): "self_assessment", ("documents", 0, "spouse"): 1}),
    ("paper-answer", {("departure",): "technical_outage", ("spouses",): 1, ("children",): ["AG-2001-B1"],
                      ("documents", 0, "sections"): ["general"], ("accounted",): True}),
    ("paper-answer", {("documents", 0, "form"): "self_assessment", ("documents", 0, "spouse"): 1}),
    ("paper-answer", {("certification",): None, ("documents",): [
        {"no": 1, "form": "family_case", "subject": "AG-2001", "pages": 84, "original": "paper",
         "derivative": "copy", "certification": _CERTIFICATION}]}),
    ("dispatch", {("incomplete_because",): "not_drawn_up", ("missing_because",): [_MISSING, _REVIEW]}),
    ("handed-over", {("authority_reference",): "P-2026/1", ("incomplete_because",): "held_elsewhere",
                     ("missing_because",): [_MISSING, _REVIEW]}),
    ("posted", {("incomplete_because",): "held_elsewhere", ("missing_because",): [_MISSING, _REVIEW]}),
    ("post-outcome", {("proofs",): [_PROOF]}),
    ("dispute", {("documents",): [1, 2]}),
    ("registered", {("register_id",): "AGIS-2026-0000417"}),
    ("court-told", {("letter_sha256",): "7e" * 32}),
    ("talked", {("psychologist",): True, ("agreed_by_both",): True}),
    ("child-move", {("territory",): "LV-041", ("planned_on",): "2026-03-23"}),
    ("agreement", {("valid_to",): "2027-02-28", ("password_by_mail",): True}),
    ("training-contract", {("price_cents",): 12_000, ("course",): "PROG-7", ("territory",): "LV-041",
                           ("premises",): "trainer", ("form",): "in_person"}),
    ("support-plan", {("evaluation_on",): "2026-05-20"}),
    ("plan-confirmed", {("proofs",): [_PROOF]}),
    ("plan-confirmed", {("how",): "in_person", ("received",): None, ("corrections_needed",): None,
                        ("agreed",): None, ("signed",): [{"no": 1, "on": "2026-03-05"}]}),
    ("plan-closed", {("exit_talk_on",): "2026-10-28"}),
    ("service-given", {("family_agreed",): True}),
    ("enrolment", {("contacts", "password_email"): "paroles@zemgale.example",
                   ("contacts", "voice_phone"): "+37167000000"}),
    ("key-rotation", {("keys", 0): {
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "oauth", "x": "A" * 43, "y": "B" * 43,
        "kid": "C" * 43}}),
    ("person-key", {("key",): {
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "signing", "x": "A" * 43, "y": "B" * 43,
        "kid": "C" * 43}}),
    ("register-entry", {("replaces",): _UUID, ("replaces_revision",): 2}),
    ("register-facts", {("agis_id",): "AG-7741"}),
    ("register-answer", {("word",): "e30.e30.AA", ("reason",): "malformed", ("entry_sha256",): "7e" * 32}),
    ("registration-outcomes", {("outcomes", 0, "word"): "e30.e30.AA", ("outcomes", 0, "reason"): "other",
                               ("outcomes", 0, "again_in_seconds"): 60}),
    ("sibling-contact", {("arrangement", "specialists"): ["psychologist"], ("decisions",): ["1-6/26/118"]}),
    ("supplement", {("children",): []}),
    ("supplement", {("forms",): []}),
    ("sibling-contact-difficulty", {("reasons",): ["health"]}),
    ("sibling-contact-change", {("arrangement", "specialists"): ["psychologist"]}),
]  # fmt: skip

TYPES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 1e300, 2**31, 2**53, 2**63, 10**40, "", " ", "0", "1",
    "true",
    "null", [], {}, [None], [1], [[]], {"a": 1}, "x", "\ud800",
)  # fmt: skip
"""Of another type, or empty."""
WORDS: tuple[str, ...] = (
    "none", "original", "electronic", "paper", "competence_review", "family_case", "iap", "child_iap",
    "in_person",
    "child_information", "hub", "registered_post", "three_part", "saikne.request/2", "FAMILY_CASE",
    "hub ", "hüb",
)  # fmt: skip
"""Of closed lists; each is a word of some list and of no other."""
TEXTS: tuple[str, ...] = (
    "x" * 161, "x" * 401, "x" * 10_000, "AG-2001", "AG-2003", "ag-2001",
    "AĢ-2003", unicodedata.normalize("NFD", "AĢ-2003"), "AŖ-1", "120510/12349", "120510.12349",
    "120510-12349",
    "010190–12345", "010190\u221212345", "12.05.10-12349", "AG12051012349", "320101-12345",
    "JANIS-BERZINS-1",
    "JĀNIS-1", "ANNA-KALN-1", "AG", "AG-2001\n", "AG-2001 ", "AG--2001", "AG-२००१", "AG-\uff12\uff10",
    "../1",
    "Anna Bērziņa", unicodedata.normalize("NFD", "Anna Bērziņa"), "Anna\u200bBērziņa", "Anna\u202eBērziņa",
    "Anna\tBērziņa", "Anna\u00a0Bērziņa", "Anna 1 2 0 5 1 0 1 2 3 4 9", "Anna\u0378", "Anna\ue000",
    "Anna\x00",
    "\U0001f600", "Олег", "\ufeffAnna", "Anna\u034f", "½", "٣",
    "2026-03-09", "2026-02-29", "2024-02-29", "2026-3-9", "20260309", "2026-W10-1", "2026-068",
    "1899-12-31", "1900-01-01", "2099-12-31",
    "2100-01-01", "0001-01-01", "9999-12-31", "2026-03-09T00:00:00", "+2026-03-09", "1", "1700000000",
    "2026-03-09T08:41:00Z", "2026-03-09T08:41:00z", "2026-03-09t08:41:00Z", "2026-03-09 08:41:00Z",
    "2026-03-09T08:41Z", "2026-03-09T08:41:00", "2026-03-09T08:41:00+0200", "2026-03-09T08:41:00+02:00",
    "2026-03-09T08:41:00.1234567Z", "2026-03-09T08:41:60Z", "2026-03-09T24:00:00Z", "2026-02-30T08:41:00Z",
    "2026-03-09T08:41:00,5Z", "2026-03-09T08:41:00-24:00", "1900-01-01T00:00:00+23:59",
    "2099-12-31T23:59:59-23:59",
    _UUID, _UUID.upper(), _UUID.replace("-", ""), f"urn:uuid:{_UUID}", f"{{{_UUID}}}", f"{_UUID}\n",
    "00000000-0000-0000-0000-000000000000", "9f1c2d3e-4b5a-1c6d-8e7f-1a2b3c4d5e6f",
    "9f1c2d3e-4b5a-4c6d-0e7f-1a2b3c4d5e6f", "7e" * 32, "7E" * 32, "7e" * 33, "LV-041", "lv-041",
    "LV-०४१", "09:30",
    "24:00", "2026-03", "2026-13", "a@example.org", "ā@example.org", "a@example.org\n", "a b@example.org",
    "+37120000001", "+३7120000001", "37120000001", "40003521600", "४0003521600", "+37120000001\n",
    "2026-1", "A" * 43,
    "a***@e***.lv",
)  # fmt: skip
"""Texts that are something somewhere, and what looks like them."""
_SHAPES = {
    "digest": re.compile("[0-9a-f]{64}"),
    "word": re.compile(r"[A-Z]*[a-z_]+|saikne\..*|application/.*"),
}


def instances(document: str) -> Iterator[dict[str, Any]]:
    """Valid documents, among which every property of the document occurs."""
    yield changed(document, {})
    for _, name, changes in GOOD:
        if name == document:
            yield {key: value for key, value in changed(document, changes).items() if value is not None}
    for name, changes in FULLER:
        if name == document:
            yield changed(document, changes)
    if "for_outside" in schema_of(DOCUMENTS[document]).get("properties", {}):
        yield changed(document, {("for_outside",): _FOR_OUTSIDE})


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every place in a document."""
    yield place
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*place, number))


def damaged(document: str) -> Iterator[tuple[Place, Any]]:
    """Each valid instance, damaged in one place; each kind of place once, however many entries.

    The long list of texts is tried once at each kind of text, the rest everywhere.
    """
    for _, name, changes in BAD:
        if name == document:
            yield (), changed(document, changes)
    seen: set[Place] = set()
    tried: set[str] = set()
    for instance in instances(document):
        for place in places(instance):
            kind = tuple(step if isinstance(step, str) else 0 for step in place)
            if kind in seen or (place[:1] == ("for_outside",) and document != "refuse"):
                continue  # it is the same in every statement
            seen.add(kind)
            here = found(instance, place)
            shape = _shape(here) or str(place[-1:])
            for value in (*_instead(here), *(TEXTS if isinstance(here, str) and shape not in tried else ())):
                yield place, _with(instance, place, value)
            tried.add(shape)


def found(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _instead(value: Any) -> Iterator[Any]:
    yield from (ABSENT, *TYPES, *WORDS)
    match value:
        case bool():
            yield from (not value, int(value), str(value))
        case int():
            yield from (float(value), str(value), value + 1, value - 1, -value, value * 10**20)
        case str() if _shape(value) == "word":
            yield from (value.upper(), value.title(), f"{value} ", f"{value}\n", value + "\u200b")
        case str():
            yield from _spelled_otherwise(value)
        case list():
            yield from (value * 2, [*value, None], value * 400, value[0] if value else None)
        case dict():
            yield from ({**value, "unknown": 1}, {**value, "schema_": "x"}, [value])
            yield {name.upper(): inner for name, inner in value.items()}


def _spelled_otherwise(value: str) -> Iterator[str]:
    yield from (
        value.upper(),
        value.lower(),
        value.swapcase(),
        value.title(),
        value[:-1],
        value * 2,
        value * 50,
    )
    yield from (
        f"{value}{odd}" for odd in "\n\r\u2028 \t\x00\u200b\u200e\u0301\ufe0f\u3164\ud800\U0010ffff9a"
    )
    yield from (f"{odd}{value}" for odd in "\n \u200f\ufeff\u0301")
    yield "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in value)
    yield from (unicodedata.normalize("NFD", value), value.replace("-", "\u2010"), value.replace("-", ""))


def _shape(value: Any) -> str | None:
    """What kind of text it is where its form tells; else its field's name has to."""
    if not isinstance(value, str):
        return None
    return next((name for name, form in _SHAPES.items() if form.fullmatch(value)), None)


def _with(instance: dict[str, Any], place: Place, value: Any) -> Any:
    written: Any = copy.deepcopy(instance)
    if not place:
        return None if value is ABSENT else value
    inner = found(written, place[:-1])
    if value is ABSENT:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return written


NAMES = sorted(DOCUMENTS)
