"""The door for files: whatever is sound is read as it was meant, whatever is not is refused by its fault."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saikne_schemas.brought import LONGEST_BYTES, Brought, FileFault, FileFaulty, brought
from tests.bad_files import ENCODINGS, LINE_ENDS, NOT_JSON, NOT_TEXTS, every_bad_file, written

WHOLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(WHOLE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(WHOLE), inner, max_size=4),
    max_leaves=12,
)


def fault_of(content: bytes) -> FileFault | None:
    try:
        Brought(content).json()
    except FileFaulty as faulty:
        return faulty.why
    return None


@given(document=DOCUMENTS, encoding=st.sampled_from(list(ENCODINGS.values())), end=st.sampled_from(LINE_ENDS))
def test_json_is_read_in_every_encoding_that_says_which_it_is(document: Any, encoding: str, end: str) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1).replace("\n", end)
    assert Brought(written(text, encoding)).json() == document


def test_each_bad_content_is_refused_by_its_fault() -> None:
    bad = NOT_TEXTS | NOT_JSON
    assert {name: fault_of(content) for name, (content, _) in bad.items()} == {
        name: fault for name, (_, fault) in bad.items()
    }


@given(st.binary(max_size=200))
def test_no_bytes_at_all_fail_in_another_way(content: bytes) -> None:
    fault_of(content)


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    found = {}
    for path, fault in every_bad_file(tmp_path, NOT_JSON).items():
        with pytest.raises(FileFaulty) as refused:
            brought(path).json()
        assert refused.value.path == str(path)
        found[path] = (refused.value.why, fault)
    assert not {path: faults for path, faults in found.items() if faults[0] is not faults[1]}


def test_a_file_of_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    path.write_text("{}")
    path.chmod(0)
    ours = os.geteuid()
    if ours == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(FileFaulty) as refused:
            brought(path)
    finally:
        os.seteuid(ours)
    assert refused.value.why is FileFault.FORBIDDEN


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(1024**4)  # a terabyte that takes no room
    with pytest.raises(FileFaulty) as refused:
        brought(path)
    assert (refused.value.why, refused.value.place) == (FileFault.TOO_LONG, str(LONGEST_BYTES // 1024))


@pytest.mark.parametrize("end", LINE_ENDS)
def test_a_fault_names_its_line_whatever_ends_the_lines(end: str) -> None:
    with pytest.raises(FileFaulty) as refused:
        Brought(end.join(["{", '"a": 1,', '"b" 2', "}"]).encode()).json()
    assert refused.value.place == "3"
