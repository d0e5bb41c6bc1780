"""Names on the two sides of a command: a file in, `--names` out, and nothing of either unasked."""

import json
from pathlib import Path

import pytest

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.views import CentreView
from tests.client.command_line import REQUEST, Centre, asked
from tests.client.hub_peer import HubPeer

NAME = "Voldis Kļaviņš"


@pytest.fixture
def who(tmp_path: Path) -> Path:
    file = tmp_path / "who.csv"
    file.write_text(f"who;number;name;code\nchild;B-0031;{NAME};328673-00679\n", encoding="utf-8")
    return file


def test_a_centre_that_has_no_key_yet_is_asked_without_names_and_that_is_said(
    peer: HubPeer, saule: Centre, meness: Centre, who: Path
) -> None:
    result = saule(*REQUEST, "--holder", "mēn", "--identity", str(who))
    assert result.code == 0
    assert "Warning: Mēness cannot yet receive sealed names; they were not sent." in result.err
    (sent,) = peer.calls("POST", "/v1/exchanges")
    assert b'"identities":[]' in sent.body
    assert NAME not in result.out + result.err
    assert not list((saule.home / "journal").glob("identity-*"))
    assert meness.done("inbox")


def test_a_hub_that_shows_no_keys_at_all_is_understood() -> None:
    older = {name: said for name, said in EXAMPLES[CentreView].items() if name != "encryption_keys"}
    view = CentreView.model_validate_json(json.dumps(older))
    assert view.encryption_keys == []


def test_a_documents_shape_does_not_change_with_names(saule: Centre, meness: Centre) -> None:
    exchange = asked(saule)
    for words in (("inbox", "--names"), ("status", exchange, "--names")):
        assert meness.refused(*words) == (2, "names.not-in-document")


def test_keys_are_shown_to_be_read_out(saule: Centre) -> None:
    shown = saule("keys", "show")
    document = saule.done("keys", "show")
    assert [key["use"] for key in document["keys"]] == ["oauth", "signing", "encryption"]
    for key in document["keys"]:
        assert key["fingerprint"] in " ".join(shown.out.split())


def test_a_list_of_families_with_a_wrong_row_leaves_the_one_before(saule: Centre, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("case;who;name\nAG-1;spouse;Ilze Egle\n", encoding="utf-8")
    bad.write_text("case;who;name\nAG-1;spouse;Ilze Egle\n;spouse;Juris Egle\n", encoding="utf-8")
    assert saule.done("families", "import", str(good)) == {"families": 1, "people": 1}
    before = (saule.home / "families.json").read_bytes()
    assert saule.refused("families", "import", str(bad)) == (2, "families.case-not-said")
    assert (saule.home / "families.json").read_bytes() == before
