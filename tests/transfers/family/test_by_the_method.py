"""What the method leaves open is taken in each of its ways: how a notice comes, how and of what is spoken."""

import pytest

from hub.duties.duty import DutyKind
from hub.transfers.family.notice import receive
from hub.transfers.family.tracks import talk
from saikne_schemas.family_move_words import NoticeChannel, TalkForm, TalkTopic
from tests.transfers.family.scenes import NEW, PREVIOUS, day, move, notice, scene
from tests.transfers.family.test_tracks import DATED, talked


@pytest.mark.parametrize("channel", NoticeChannel)
def test_a_notice_in_any_provable_way_dates_the_move(channel: NoticeChannel) -> None:
    """S41, S74: the channel, the moment and the evidence are kept, and the day follows."""
    outcome = receive(move(), notice("2026-10-27", channel=channel), scene(PREVIOUS))
    kept = outcome.content.notice
    assert kept is not None
    assert (kept.channel, outcome.content.effective_on) == (channel, day("2026-11-01"))


@pytest.mark.parametrize("form", TalkForm)
def test_the_two_social_workers_speak_in_person_online_or_by_telephone(form: TalkForm) -> None:
    """S11, S83: either one's word meets what the new centre owes, and the other is told."""
    for speaker, other in ((NEW, PREVIOUS), (PREVIOUS, NEW)):
        outcome = talk(DATED, talked(form=form), scene(speaker))
        assert outcome.content.talked is not None
        assert (outcome.content.talked.form, outcome.meets) == (form, (DutyKind.TALK,))
        assert outcome.tells == ((other, "talked"),)


@pytest.mark.parametrize("topic", TalkTopic)
def test_a_talk_names_what_it_was_about_and_competences_may_be_of_it(topic: TalkTopic) -> None:
    """S82, S84: by its kind only; what was said stays with the centres."""
    outcome = talk(DATED, talked(topics=[topic]), scene())
    assert outcome.content.talked is not None
    assert outcome.content.talked.topics == [topic]
