"""A number may be given by its first eight characters, wherever one is."""

from uuid import UUID, uuid4

import pytest

from saikne.command.given import CentreUnknown, centre_by
from saikne.command.numbering import Beginning, number
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.outside import OutsideCentreView
from tests.client.command_line import Centre, asked
from tests.client.hub_peer import HubPeer


def test_what_is_typed_is_a_number_or_its_beginning() -> None:
    whole = uuid4()
    assert number(str(whole)) == whole
    assert number("0D3F6F0A-3f") == Beginning("0d3f6f0a3f")


@pytest.mark.usefixtures("meness")
def test_a_beginning_finds_the_exchange(saule: Centre) -> None:
    exchange = asked(saule)
    assert saule.done("status", exchange[:8])["id"] == exchange
    assert saule.done("status", exchange[:8].upper())["id"] == exchange


@pytest.mark.usefixtures("meness")
def test_a_beginning_that_nothing_or_too_much_has_is_refused(saule: Centre, peer: HubPeer) -> None:
    exchange = asked(saule)
    nothing = "00000000" if not exchange.startswith("0") else "ffffffff"
    assert saule.refused("status", nothing) == (2, "number.unknown")
    twin = UUID(exchange[:8] + uuid4().hex[8:])
    peer.exchanges[twin] = peer.exchanges[UUID(exchange)]
    assert saule.refused("status", exchange[:8]) == (2, "number.ambiguous")
    assert saule.done("status", exchange[:20])["id"] == exchange


@pytest.mark.parametrize("typed", ["0d3f6f0", "Ligzda", "0d3f6f0g", "", "0" * 34])
def test_what_is_neither_is_said_so(saule: Centre, typed: str) -> None:
    result = saule("status", typed, "--lang", "lv")
    assert result.code == 2
    assert "pirmās astoņas zīmes" in result.err


def test_a_centre_too_is_named_by_how_its_number_begins() -> None:
    example = OutsideCentreView.model_validate(EXAMPLES[OutsideCentreView])
    centres = [example.model_copy(update={"id": uuid4(), "name": f"Ozols {one}"}) for one in range(3)]
    assert [centre_by(str(one.id)[:8].upper(), centres) for one in centres] == [one.id for one in centres]
    with pytest.raises(CentreUnknown):
        centre_by(str(centres[0].id)[:7], centres)
