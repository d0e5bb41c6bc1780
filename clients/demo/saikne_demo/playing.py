"""The order of the story: what is played after what, each matter by a file of its own."""

from collections.abc import Awaitable, Callable

from saikne_demo import child_move, elsewhere, family_move, meant, neighbours, registering
from saikne_demo.story import Story

Open = Callable[[Story], Awaitable[None]]
"""What is done for those who look on, once the centres are admitted."""


async def play(story: Story, opens: Open | None = None) -> None:
    """From the centres' admission to the register's confirmation."""
    await story.enrol()
    if opens is not None:
        await opens(story)
    await story.write_case()
    async with story.connected():
        story.move = await family_move.agree(story)
        await story.ask(await meant.sealed(story))
        await meant.opened(story)
        await story.answer()
        await story.receive()
        await story.prove()
        await family_move.follow(story, story.move, story.exchange)
        story.child_move = await child_move.move_on(story)
        await elsewhere.ask(story)
        await neighbours.live_on(story)
        story.registration = await registering.register(story)
