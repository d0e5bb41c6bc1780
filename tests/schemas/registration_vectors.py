"""Writes registrations.json and registrations/ in schemas/vectors: what a register and its files agree on.

Run `python -m tests.schemas.registration_vectors` after a change of the rules. A seal is another one each
time, so those that are written stay as they were first made; take one out of the file to have it made anew.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.examples.matters import MATTER, NEW
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterFacts, registration_key
from saikne_schemas.register_files import (
    FileDamaged,
    answer_files,
    canonical,
    entry_files,
    entry_sha256,
    read_answer_files,
    read_entry_files,
    read_twin,
    sidecar,
    stem,
    xml_twin,
)
from tests.peers.sealed_entries import seal
from tests.schemas.register_word_vectors import SIGNING_KEY, words

FOLDER = Path(__file__).parents[2] / "schemas" / "vectors"
FILE, FILES = FOLDER / "registrations.json", FOLDER / "registrations"
Vector = dict[str, Any]

PRIVATE_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "DCr-q0sxrlYSEDBjs5uUcjWfN0xgaBcKOnlpgihufHc",
    "y": "Cse6PWkPVoyH9nAv7gc7fMaRPQpMa7WB9a7k4rtSvcA",
    "d": "14_yPIOny3JNanwZr4H-nhgZ0OsgeqyZs1L9cDZShoA",
    "kid": "sH8aBvHh1-LkV_UWQHSPoZeEcMLLFB551YcrpmMiWSk",
}
OTHER_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
"""The public key of RFC 7515, appendix A.3."""
KEY = registration_key(UUID(MATTER), "2026-04-01", UUID(NEW))
CASES = [
    (MATTER, "2026-04-01", NEW),
    (MATTER, "2026-05-01", NEW),
    (MATTER, "2026-04-01", "c2a4f7d8-1f0e-4e0b-8a65-7b6d1f2f9c31"),
    ("00000000-0000-0000-0000-000000000000", "2027-01-01", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
]


def facts(**changes: object) -> bytes:
    """Canonical facts of the example; a change of None takes a field away."""
    said = {**EXAMPLES[RegisterFacts], "key": str(KEY), **changes}
    kept = {name: value for name, value in said.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def other_typ() -> str:
    return seal(facts(), PRIVATE_KEY, typ="JWE")


SEALS: dict[str, tuple[str, Callable[[], str]]] = {
    "facts of this entry": ("opens", lambda: seal(facts(), PRIVATE_KEY)),
    "facts without the family's number and without children": (
        "opens",
        lambda: seal(facts(agis_id=None, children=None), PRIVATE_KEY),
    ),
    "facts of another entry": (
        "of_another_entry",
        lambda: seal(facts(key=str(registration_key(UUID(MATTER), "2026-05-01", UUID(NEW)))), PRIVATE_KEY),
    ),
    "facts of another day": (
        "of_another_entry",
        lambda: seal(facts(effective_on="2026-05-01"), PRIVATE_KEY),
    ),
    "sealed to another key": ("refused", lambda: seal(facts(), OTHER_KEY)),
    "sealed to another key, under this key's name": (
        "refused",
        lambda: seal(facts(), OTHER_KEY, kid=PRIVATE_KEY["kid"]),
    ),
    "another type": ("refused", other_typ),
    "no type": ("refused", lambda: seal(facts(), PRIVATE_KEY, typ=None)),
    "no key's name": ("refused", lambda: seal(facts(), PRIVATE_KEY, kid=None)),
    "another way to agree on a key": (
        "refused",
        lambda: seal(facts(), PRIVATE_KEY, alg="ECDH-ES+A256KW"),
    ),
    "another cipher": ("refused", lambda: seal(facts(), PRIVATE_KEY, enc="A128GCM")),
    "packed": ("refused", lambda: seal(facts(), PRIVATE_KEY, zip="DEF")),
    "no facts": ("refused", lambda: seal(b"{}", PRIVATE_KEY)),
    "facts with a field more": ("refused", lambda: seal(facts(address="Rīga"), PRIVATE_KEY)),
    "facts without a spouse": ("refused", lambda: seal(facts(spouses=[]), PRIVATE_KEY)),
    "facts with a code of ten digits": (
        "refused",
        lambda: seal(facts(spouses=[{"name": "Anna Paraudziņa", "code": "3286730067"}]), PRIVATE_KEY),
    ),
    "a field twice": ("refused", lambda: seal(facts()[:-1] + b',"specialised":"none"}', PRIVATE_KEY)),
}
DAMAGES: dict[str, Callable[[str], str]] = {
    "a changed header": lambda sealed: "f" + sealed[1:],
    "a changed tag": lambda sealed: sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB"),
    "a part is missing": lambda sealed: sealed.rpartition(".")[0],
    "nothing is encrypted": lambda sealed: sealed.rpartition(".")[0].rpartition(".")[0] + ".AAAA.AAAA",
}


def _kept(these: str, what: str) -> dict[str, str]:
    """What was made once and stands in the file, by name."""
    written = json.loads(FILE.read_text()) if FILE.exists() else {}
    return {one["name"]: one[what] for one in written.get(these, [])}


def seals() -> list[Vector]:
    kept = _kept("seals", "sealed")
    made = [
        {"name": name, "expected": expected, "sealed": kept.get(name) or make()}
        for name, (expected, make) in SEALS.items()
    ]
    good = str(made[0]["sealed"])
    return [
        *made,
        *({"name": name, "expected": "refused", "sealed": damage(good)} for name, damage in DAMAGES.items()),
    ]


def entries(sealed: str) -> dict[str, RegisterEntry]:
    example = {**EXAMPLES[RegisterEntry], "sealed": sealed, "key": str(KEY)}
    example["sealed_sha256"] = hashlib.sha256(sealed.encode()).hexdigest()
    bare = {name: value for name, value in example.items() if not name.startswith("sealed")}
    written = {
        "a transfer": example,
        "another day, in place of it": {
            **example,
            "key": str(registration_key(UUID(MATTER), "2026-05-01", UUID(NEW))),
            "effective_on": "2026-05-01",
            "replaces": str(KEY),
            "replaces_revision": 1,
        },
        "a withdrawal": {**bare, "revision": 2, "operation": "withdraw_transfer"},
        "names that have to be escaped": {
            **bare,
            "revision": 3,
            "operation": "withdraw_transfer",
            "previous": {"name": 'A & B <"C"> \\ / D', "registration_number": "40003521600"},
            "new": {"name": "Ģimene 🌳 ]]> 'Ozols'", "registration_number": "50008021661"},
        },
    }  # fmt: skip
    return {name: RegisterEntry.model_validate_json(json.dumps(one)) for name, one in written.items()}


def described(name: str, entry: RegisterEntry) -> Vector:
    files = entry_files(entry)
    return {
        "name": name,
        "entry": json.loads(canonical(entry)),
        "canonical": canonical(entry).decode(),
        "entry_sha256": entry_sha256(entry),
        "xml": xml_twin(entry).decode(),
        "stem": stem(entry),
        "sidecar": files[f"{stem(entry)}.sha256"].decode(),
    }


DOCTYPE = '<!DOCTYPE register-entry [<!ENTITY e "1">]>'


def twins(entry: RegisterEntry) -> list[Vector]:
    good = xml_twin(entry).decode()
    return [
        {"name": name, "xml": xml, "expected": _judged(xml, entry)}
        for name, xml in {
            "as it is written": good,
            "with a declaration": f'<?xml version="1.0" encoding="UTF-8"?>\n{good}',
            "indented": good.replace("><", ">\n  <"),
            "with a comment": good.replace("</register-entry>", "<!-- by us --></register-entry>"),
            "another revision": good.replace("<revision>1<", "<revision>2<"),
            "another day": good.replace(">2026-04-01<", ">2026-04-02<"),
            "without the sealed facts": good.partition("<sealed_sha256>")[0] + "</register-entry>",
            "a revision with a nought before": good.replace("<revision>1<", "<revision>01<"),
            "an attribute": good.replace("<revision>", '<revision by="us">'),
            "an element that is not ours": good.replace("<revision>", "<by>us</by><revision>"),
            "an element twice": good.replace("<revision>", "<revision>1</revision><revision>"),
            "without its namespace": good.replace(' xmlns="urn:saikne:register-entry:1"', ""),
            "with a document type": DOCTYPE + good.replace("<revision>1<", "<revision>&e;<"),
            "half of it": good[: len(good) // 2],
        }.items()
    ]


def _judged(xml: str, meant: RegisterEntry) -> str:
    try:
        return "same" if read_twin(xml.encode()) == meant else "differs"
    except FileDamaged as damaged:
        return damaged.why.value


def _taken(reading: Callable[[], object]) -> str:
    try:
        reading()
    except FileDamaged as damaged:
        return damaged.why.value
    return "taken"


def lying(entry: RegisterEntry) -> list[Vector]:
    of, good = stem(entry), {name: text.decode() for name, text in entry_files(entry).items()}
    as_json, as_xml, sums = good
    later = entry.model_copy(update={"revision": 2})
    twin = {as_json: good[as_json], as_xml: xml_twin(later).decode()}
    renamed = {as_json: canonical(later).decode(), as_xml: xml_twin(later).decode()}
    starred = good[sums].replace("  ", " *")
    changes: dict[str, dict[str, str | None]] = {
        "whole": {},
        "digests as `sha256sum --binary` writes them": {sums: starred},
        "the digests are not there yet": {sums: None},
        "no XML": {as_xml: None},
        "half the JSON": {as_json: good[as_json][: len(good[as_json]) // 2]},
        "the XML ends with a line more": {as_xml: good[as_xml] + "\n"},
        "half the digests": {sums: good[sums][: len(good[sums]) // 2]},
        "one digest only": {sums: good[sums].splitlines(keepends=True)[0]},
        "a digest too many": {sums: good[sums] + good[sums].splitlines(keepends=True)[0]},
        "the XML says another revision": {**twin, sums: _sums(twin)},
        "another revision than in the name": {**renamed, sums: _sums(renamed)},
    }
    return [_files(name, of, {**good, **change}, read_entry_files) for name, change in changes.items()]


def acknowledged(entry: RegisterEntry) -> list[Vector]:
    said = {**EXAMPLES[RegisterAnswer], "key": str(entry.key), "entry_sha256": entry_sha256(entry)}
    answer = RegisterAnswer.model_validate_json(json.dumps(said))
    of, good = stem(answer), {name: text.decode() for name, text in answer_files(answer).items()}
    as_json, sums = good
    changes: dict[str, dict[str, str | None]] = {
        "whole": {},
        "the digest is not there yet": {sums: None},
        "half the JSON": {as_json: good[as_json][: len(good[as_json]) // 2]},
        "the digest of another file": {sums: good[sums].replace(".ack.json", ".json")},
    }
    others: dict[str, dict[str, object]] = {
        "a result that is not on the list": {"result": "maybe"},
        "a field more": {"who": "us"},
        "another revision than in the name": {"revision": 2},
        "a register's number that could be a name": {"register_id": "Anna"},
    }
    for name, more in others.items():
        changed = {as_json: json.dumps({**said, **more}, ensure_ascii=False)}
        changes[name] = {**changed, sums: _sums(changed)}
    return [_files(name, of, {**good, **change}, read_answer_files) for name, change in changes.items()]


def _sums(files: dict[str, str]) -> str:
    return sidecar({name: text.encode() for name, text in files.items()}).decode()


def _files(
    name: str,
    of: str,
    files: dict[str, str | None],
    reading: Callable[[str, dict[str, bytes]], object],
) -> Vector:
    there = {one: text for one, text in files.items() if text is not None}
    content = {one: text.encode() for one, text in there.items()}
    return {"name": name, "stem": of, "files": there, "expected": _taken(lambda: reading(of, content))}


def _step(key: str, revision: int, expected: str, status: int, **more: object) -> Vector:
    return {"key": key, "revision": revision, **more, "expected": expected, "status": status}


WITHDRAW = {"operation": "withdraw_transfer"}
STORIES: list[Vector] = [
    {"name": "the same entry twice",
     "steps": [_step("A", 1, "registered", 200), _step("A", 1, "registered", 200)],
     "in_force": {"A": 1}},
    {"name": "other bytes under the same revision",
     "steps": [_step("A", 1, "registered", 200), _step("A", 1, "key_reused", 409, sealed_anew=True)],
     "in_force": {"A": 1}},
    {"name": "a higher revision, then the lower one again",
     "steps": [_step("A", 1, "registered", 200), _step("A", 3, "registered", 200),
               _step("A", 1, "superseded", 409), _step("A", 2, "superseded", 409)],
     "in_force": {"A": 3}},
    {"name": "withdrawn, and the entry comes again",
     "steps": [_step("A", 1, "registered", 200), _step("A", 2, "withdrawn", 200, **WITHDRAW),
               _step("A", 1, "superseded", 409)],
     "in_force": {}},
    {"name": "the withdrawal overtakes its entry",
     "steps": [_step("A", 2, "withdrawn", 200, **WITHDRAW), _step("A", 1, "superseded", 409)],
     "in_force": {}},
    {"name": "withdrawn and registered anew",
     "steps": [_step("A", 1, "registered", 200), _step("A", 2, "withdrawn", 200, **WITHDRAW),
               _step("A", 3, "registered", 200)],
     "in_force": {"A": 3}},
    {"name": "another day takes the place of the first",
     "steps": [_step("A", 1, "registered", 200),
               _step("B", 1, "registered", 200, replaces="A", replaces_revision=1),
               _step("A", 1, "superseded", 409)],
     "in_force": {"B": 1}},
    {"name": "the replaced entry arrives late for the first time",
     "steps": [_step("B", 1, "registered", 200, replaces="A", replaces_revision=2),
               _step("A", 1, "superseded", 409), _step("A", 2, "superseded", 409)],
     "in_force": {"B": 1}},
    {"name": "replaced without a revision: for good",
     "steps": [_step("B", 1, "registered", 200, replaces="A"), _step("A", 9, "superseded", 409)],
     "in_force": {"B": 1}},
    {"name": "the move returns to the day that it had before, and the other day arrives late",
     "steps": [_step("A", 1, "registered", 200),
               _step("A", 2, "registered", 200, replaces="B", replaces_revision=1),
               _step("B", 1, "superseded", 409, replaces="A", replaces_revision=1)],
     "in_force": {"A": 2}},
]  # fmt: skip


def vectors() -> Vector:
    sealed = seals()
    made = entries(sealed[0]["sealed"])
    first = made["a transfer"]
    return {
        "about": "Registrations: keys, canonical forms, XML twins, digests, seals, files and their damages, "
        "words that a register signs, and stories that it answers as they say. Private keys are for trying "
        "out only.",
        "keys": [
            {
                "case": case,
                "effective_on": day,
                "new_centre": centre,
                "key": str(registration_key(UUID(case), day, UUID(centre))),
            }
            for case, day, centre in CASES
        ],
        "register_private_key": PRIVATE_KEY,
        "facts": json.loads(facts()),
        "entries": [described(name, entry) for name, entry in made.items()],
        "twins": twins(first),
        "seals": sealed,
        "entry_files": lying(first),
        "acknowledgement_files": acknowledged(first),
        "register_signing_private_key": SIGNING_KEY,
        "words": words(first, _kept("words", "word")),
        "stories": STORIES,
    }


def files(made: Vector) -> dict[str, str]:
    """The whole files once more, as they lie in a folder."""
    whole = (made["entry_files"][0], made["acknowledgement_files"][0])
    return {name: text for one in whole for name, text in one["files"].items()}


def written() -> str:
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    FILE.write_text(written(), encoding="utf-8")
    FILES.mkdir(exist_ok=True)
    for name, text in files(json.loads(FILE.read_text())).items():
        (FILES / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
