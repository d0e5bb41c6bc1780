"""The order of the story: what is played after what, each matter by a file of its own."""

from saikne_demo import child_move, elsewhere, family_move, meant, neighbours, registering
from saikne_demo.story import Story


async def play(story: Story) -> None:
    """From the centres' admission to the register's confirmation."""
    await story.enrol()
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
