"""The demo while it is looked at: filled with a drawn year, four people invited, one address shown."""

import asyncio
import json
from contextlib import ExitStack
from dataclasses import dataclass, field

from saikne_demo.sentences import text
from saikne_demo.showing.window import Window
from saikne_demo.story import Story
from saikne_demo.telling import Console
from saikne_demo.visitors import Guests


@dataclass
class House:
    console: Console
    speech: str
    stack: ExitStack
    """What it opens is closed with this."""
    guests: Guests = field(init=False)
    filled: dict[str, int] = field(init=False)
    url: str = field(init=False)

    async def open(self, story: Story) -> None:
        """When the centres are admitted and nothing has happened: from here on there is something to see."""
        self.guests = Guests(story, self.speech)
        with story.step("filled") as told:
            self.filled, _ = await asyncio.gather(asyncio.to_thread(fill, story), self.guests.invite())
            told.update(self.filled)
        self.url = self.stack.enter_context(Window(self.guests, self.filled)).url
        self.console.say(text("look.open", self.speech, url=self.url))


def fill(story: Story) -> dict[str, int]:
    """By the operator's command; what it counted."""
    among = [word for one in story.centres for word in ("--among", str(one.centre))]
    counted: dict[str, int] = json.loads(story.stage.operate("fill", *among, "--json"))
    return counted
