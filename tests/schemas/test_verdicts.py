"""What the published schema says of a wire document, the hub says too: at every place of every document."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from pydantic import TypeAdapter, ValidationError

from saikne_schemas import enrolment, paper, plans, spelling, training, wire
from saikne_schemas.export import schema_of
from saikne_schemas.reading import Unreadable, read
from tests.schemas.manifest_vectors import DOCUMENTS
from tests.schemas.mutations import NAMES, damaged, found, instances, places

_CERTIFIED = "a copy is certified once: by itself or with the whole set"
_SET = "a set of originals carries no certification"
_NUMBERED = "documents are numbered 1, 2, 3 … in order"
_SPOUSE = "competence forms name the spouse (1 or 2), other forms do not"
_SECTIONS = "only a family's case has sections"
_PASSWORD = "an archive names the way of its password; paper has none"
_ALONE = "none stands alone"
_ENDS = "an activity ends no earlier than it is added"
_MISSING = {"each is named once", _SPOUSE, _SECTIONS}
RULES: dict[str, set[str]] = {
    "activity-added": {_ENDS},
    "answer": {
        _CERTIFIED,
        _NUMBERED,
        _SPOUSE,
        _SECTIONS,
        _PASSWORD,
        "a copy carries its certification; an electronic original carries none",
    },
    "dispatch": _MISSING,
    "handed-over": _MISSING,
    "posted": _MISSING,
    "talk-needed": {
        "a day is named: the last one for the talk, or the court's",
        "an earlier day is named with its reason",
    },
    "offer": {_PASSWORD},
    "plan-dispatch": {_NUMBERED},
    "paper-answer": {
        _CERTIFIED,
        _NUMBERED,
        _SPOUSE,
        _SECTIONS,
        _SET,
        "an electronic original that is printed is a copy",
        "an original carries no certification",
    },
    "plan-confirmed": {
        "the three parts are given all for three_part, and none otherwise",
        "signed activities are named for in_person, and only then",
    },
    "refuse": {
        "no_longer_ours says since when; other reasons do not",
        "already_answered names the exchange; other reasons do not",
    },
    "request": {
        _PASSWORD,
        "child_information is offered, not asked for",
        "child_iap names exactly one child and no family",
        "family_case names the family",
    },
    "sibling-contact": {_ALONE, "the proposer is one of the centres"},
    "sibling-contact-difficulty": {"a difficulty is named"},
    "supplement": {"a supplement names children or forms"},
    "support-plan": {_ENDS, "activities are numbered 1, 2, 3 … in order"},
    "training-contract": {"a session ends after it begins"},
    "training-invoice": {"the family's participants are among all participants"},
}
"""What a schema cannot say: one field beside another. Nothing else is judged by the hub alone."""


def checker(document: str) -> Validator:
    """A judge that looks once at what stands undamaged in thousands of documents."""
    passed: set[tuple[int, str]] = set()

    def properties(validator: Any, told: dict[str, Any], instance: Any, _: Any) -> Iterator[Any]:
        for name, property_ in told.items() if isinstance(instance, dict) else ():
            if name not in instance or (seen := (id(property_), json.dumps(instance[name]))) in passed:
                continue
            wrong = list(validator.descend(instance[name], property_, path=name, schema_path=name))
            yield from wrong
            if not wrong:
                passed.add(seen)

    once = extend(Draft202012Validator, {"properties": properties})
    return once(schema_of(DOCUMENTS[document]), format_checker=Draft202012Validator.FORMAT_CHECKER)


def refused_by_hub(document: str, written: Any) -> list[str]:
    return refused(document, json.dumps(written))


def refused(document: str, text: str) -> list[str]:
    """Why the hub does not read it."""
    try:
        read(DOCUMENTS[document], text.encode())
    except Unreadable as wrong:
        return [error.partition(": ")[2].removeprefix("Value error, ") for error in wrong.errors]
    return []


@pytest.mark.parametrize("document", NAMES)
def test_the_instances_are_valid_and_show_every_property(document: str) -> None:
    valid = checker(document)
    shown: set[str] = set()
    for instance in instances(document):
        assert (list(valid.iter_errors(instance)), refused_by_hub(document, instance)) == ([], [])
        shown |= {str(place[-1]) for place in places(instance) if place}
    schema = schema_of(DOCUMENTS[document])
    told = [schema, *schema.get("$defs", {}).values()]
    assert {name for one in told for name in one.get("properties", {})} <= shown


@pytest.mark.parametrize("document", NAMES)
def test_hub_and_schema_judge_alike_whatever_stands_wherever(document: str) -> None:
    valid, by_hub_alone, differing = checker(document), set(), []
    for place, written in damaged(document):
        text = json.dumps(written)
        passes, told = valid.is_valid(json.loads(text)), refused(document, text)
        if passes and told and set(told) <= RULES.get(document, set()):
            by_hub_alone |= set(told)
        elif passes is bool(told):
            differing.append((place, _shown(written, place), passes, told))
    assert differing == []
    assert by_hub_alone == RULES.get(document, set())


@pytest.mark.parametrize("document", NAMES)
def test_no_text_goes_unjudged(document: str) -> None:
    """Every text is one of a closed list or has a pattern; every number has both its bounds."""
    schema = schema_of(DOCUMENTS[document])
    schema.pop("examples")
    loose = [
        one
        for one in _parts(schema)
        if (one.get("type") == "string" and not one.keys() & {"pattern", "enum", "const"})
        or (one.get("type") == "integer" and not {"minimum", "maximum"} <= one.keys())
    ]
    assert loose == []


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from _parts(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _parts(inner)


@pytest.mark.parametrize(
    "odd",
    list(
        "\x00\x1b\u00ad\u061c\u200b\u200d\u200e\u2028\u202e\u2066\u2060\ufeff\u0378\ue000\ufdd0"
        "\U000e0041\U0010ffff\ufe0f\u115f\u00a0\u0661"
    ),
)
def test_what_is_not_seen_is_refused_in_every_text_of_every_document(odd: str) -> None:
    taken = []
    for document in NAMES:
        whole = next(instances(document))
        for place in places(whole):
            text = found(whole, place)
            if isinstance(text, str) and place != ("schema",):
                for written in (f"{text}{odd}", f"{text[:1]}{odd}{text[1:]}"):
                    changed = json.loads(json.dumps(whole))
                    found(changed, place[:-1])[place[-1]] = written
                    taken += [(document, place)] if not refused_by_hub(document, changed) else []
    assert taken == []


def test_a_decomposed_name_is_read_as_the_composed_one() -> None:
    whole = next(instances("reveal"))
    name = "Solvita Krēsliņa"
    for written in (name, unicodedata.normalize("NFD", name)):
        whole["spoken_by"] = {"name": written, "position": "vadītāja"}
        assert read(DOCUMENTS["reveal"], json.dumps(whole).encode()).model_dump()["spoken_by"]["name"] == name


def _shown(written: Any, place: tuple[str | int, ...]) -> str:
    try:
        return repr(found(written, place))[:80]
    except (KeyError, IndexError, TypeError):
        return "absent"


TEXTS = {
    "a name twice": b'{"schema":"saikne.discard/1","schema":"saikne.discard/1"}',
    "a name twice, once with an escape": b'{"a":1,"\\u0061":1}',
    "a name twice, deep inside": b'{"a":[{"b":{"c":1,"c":1}}]}',
    "a number that is none": b'{"round":NaN}',
    "a number without an end": b'{"round":-Infinity}',
    "a number of five thousand digits": b'{"round":' + b"1" * 5000 + b"}",
    "UTF-8 that breaks off": b'{"schema":"\xc4"}',
    "UTF-16": '{"schema":"saikne.discard/1"}'.encode("utf-16"),
    "UTF-16 without its mark": '{"schema":"saikne.discard/1"}'.encode("utf-16-be"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "half a pair": b'{"schema":"\\ud800"}',
    "half a pair as a name": b'{"\\udfff":1}',
    "lists without an end": b"[" * 100_000,
    "objects without an end": b'{"a":' * 100_000,
    "a comma too many": b"[1,]",
    "a comment": b"{}//",
    "a leading zero": b"[01]",
    "nothing": b"",
    "a word": b"nil",
    "two texts": b"{}{}",
    "a control in a text": b'"\x01"',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_what_is_not_json_or_says_two_things_is_not_read(text: bytes) -> None:
    for document in ("discard", "register-facts", "enrolment"):
        with pytest.raises(Unreadable):
            read(DOCUMENTS[document], text)


def test_a_whole_number_may_be_written_with_a_point_as_in_json_schema() -> None:
    written = json.dumps(next(instances("discard"))).replace('"round": 1', '"round": 1.0e0')
    assert '"round": 1.0e0' in written
    assert read(DOCUMENTS["discard"], written.encode()).model_dump()["round"] == 1


KINDS = {
    "reference": wire.Reference,
    "line": wire.OneLine,
    "day": wire.Day,
    "moment": wire.Moment,
    "identity": wire.Id,
    "random identity": wire.RandomId,
    "digest": wire.Sha256,
    "territory": wire.TerritoryCode,
    "month": wire.Month,
    "hour": training.Hour,
    "item": paper.ItemNumber,
    "address": plans.MaskedAddress,
    "mailbox": enrolment.Email,
    "telephone": enrolment.Phone,
    "version": enrolment.AgreementVersion,
    "registration number": wire.RegistrationNumber,
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in KINDS.items()}
_CHECKERS = {name: Draft202012Validator(adapter.json_schema()) for name, adapter in _ADAPTERS.items()}
_NEAR = st.one_of(
    st.text(max_size=50),
    st.text("0123456789-./: TZ+AGĢāb\u0327\u200b\n٣", max_size=40),
    *(st.from_regex(f"^(?:{pattern})$") for pattern in (spelling.DAY, spelling.MOMENT, spelling.ID)),
    *(st.from_regex(f"(?:{pattern})") for pattern in (spelling.numbered(), spelling.IN_A_REFERENCE)),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_NEAR)
@example("2000-02-29")
@example("1900-02-29")
def test_each_kind_of_text_is_judged_alike(text: str) -> None:
    for name, adapter in _ADAPTERS.items():
        try:
            adapter.validate_json(json.dumps(text))
            taken = True
        except ValidationError:
            taken = False
        assert taken is _CHECKERS[name].is_valid(text), name


def personal_codes() -> Iterator[str]:
    """One code of each kind, split into two or three or at every digit, by all sorts of things."""
    for code in ("12051012349", "01019012345", "32123456789", "39000000001"):
        for between in ("-", "/", ".", "--", "A", "V", "LV", "-A-"):
            for first in range(2, 11):
                if first != 3:
                    yield f"{code[:first]}{between}{code[first:]}"
            for first, second in ((2, 6), (3, 6), (5, 6), (6, 7), (6, 8), (6, 10)):
                yield between.join((code[:first], code[first:second], code[second:]))
            yield between.join(code)
            yield between.join((code[:2], code[2:4], code[4:6], code[6:]))
            yield between.join((code[6:], code[:6]))


def test_no_split_hides_a_personal_code() -> None:
    reference, line = _ADAPTERS["reference"].validate_python, _ADAPTERS["line"].validate_python
    taken = []
    for code in personal_codes():
        for take, written in (
            (reference, code),
            (reference, f"K-1/{code}"),
            (reference, f"{code}-1"),
            (line, f"Anna Ozola {code}"),
            (line, f"Anna Ozola {code.replace('A', ' а ')}, vadītāja"),
        ):
            if len(written) > 40 and take is reference:
                continue
            try:
                take(written)
            except ValidationError:
                continue
            taken.append(written)
    assert taken == []


@pytest.mark.parametrize(
    "name", ["JAN1BERZ1", "JĀNI-1-BĒRZ-2", "ANNA-1-OZOL-2", "JAN1-BERZ1-NS", "ANNA.3.LIL"]
)
def test_no_name_goes_between_the_digits(name: str) -> None:
    with pytest.raises(ValidationError):
        _ADAPTERS["reference"].validate_python(name)


CENTRES_OWN = """AĢ-2003 12-3/45 LV-2026/17 K-1/2026 AG-2001-B1 1-12/2026/345 1.2-7/2026/0123 1.2-7/2026/00123
    BRLS-25/1-6.2/1234 ĢIM-2026/000123 2026/ĢIM/12 AG-2001-B1/2026-12 10/12/2026-001 12-05/2026-001 6.1.-3/26
    P-2026-10-00017 DP-26-1234-NA GIM-2026-1/1A 2026-03-09/1 03/01/2026-15 AGIS-2026-0000417 2026-1234567"""


@pytest.mark.parametrize("number", CENTRES_OWN.split())
def test_numbers_that_centres_give_are_taken(number: str) -> None:
    assert _ADAPTERS["reference"].validate_python(number) == number


@pytest.mark.parametrize("text", ["1" * 20_000 + "!", "A1" * 10_000 + "AAA", "AAA1" + "B1" * 10_000 + "CCC1"])
def test_a_long_text_is_judged_in_steps_that_grow_with_it(text: str) -> None:
    """With steps that grow with its square nobody would see the end of this test."""
    assert not re.fullmatch(spelling.numbered(), text)
