"""Who works here is said once; what is typed goes before it."""

import stat
from pathlib import Path

from saikne.worker import ANSWERED
from tests.client.command_line import Centre, asked
from tests.client.hub_peer import HubPeer
from tests.client.printed import verbs

SAID = ("profile", "--name", "Solvita Krēsliņa", "--position", "vadītāja")


def test_name_and_position_come_from_the_profile_and_what_is_typed_goes_before(
    saule: Centre, meness: Centre, plan: Path, peer: HubPeer
) -> None:
    said = meness.done(*SAID)
    assert (said["name"], said["position"], said["organisation"]) == ("Solvita Krēsliņa", "vadītāja", None)
    for typed, officer in (((), "Solvita Krēsliņa"), (("--officer", "Ilze Bērziņa"), "Ilze Bērziņa")):
        exchange = asked(saule)
        meness.done("answer", exchange, f"iap:B-0031={plan}", *typed)
        view = meness.done("status", exchange)
        assert view["state"] == "dispatched"
        shown = meness("certification-preview", f"iap:B-0031={plan}", *typed).out
        assert officer in shown
        assert "vadītāja" in shown
    assert len(peer.exchanges) == 2


def test_it_is_shown_changed_in_part_and_forgotten(saule: Centre) -> None:
    assert saule("profile", "--lang", "lv").out == "E-pasts: lietvediba@example.org\n", "as it was set up"
    saule.done(*SAID)
    assert saule.done("profile", "--position", "direktore")["name"] == "Solvita Krēsliņa"
    assert "direktore" in saule("profile").out
    assert stat.S_IMODE((saule.home / "profile.json").stat().st_mode) == 0o600
    reached = ("--address", "Parauga iela 1, Jelgava", "--phone", "+371 2000-0001")
    assert saule.done("profile", *reached)["phone"] == "+37120000001"
    assert set(saule.done("profile", "--forget").values()) == {None}
    assert "Nekas nav norādīts." in saule("profile", "--lang", "lv").out


def test_what_would_be_two_persons_is_refused(saule: Centre) -> None:
    assert saule.refused("profile", "--name", "Ilze;vadītāja") == (2, "input.refused")
    assert saule.refused("profile", "--name", " ") == (2, "input.refused")


def test_a_broken_profile_is_told_before_anything_is_sent(saule: Centre, plan: Path) -> None:
    (saule.home / "profile.json").write_text("[1]")
    refused = saule.refused("certification-preview", f"iap:B-0031={plan}")
    assert refused == (2, "profile.unreadable")
    assert saule.done("profile", "--forget")["name"] is None


def test_every_parameter_that_names_who_acts_is_answered_by_it() -> None:
    persons = {
        one.name
        for _, verb in verbs()
        for one in verb.params
        if getattr(one.type_descriptor.parameter_info, "metavar", None) == "NAME;POSITION"
    }
    assert persons - ANSWERED == {"to", "lecturer"}, "those name others than the one who works here"
    assert {one.name for _, verb in verbs() for one in verb.params} >= ANSWERED
