"""Progress bars of transfers, one a document; only loaded where somebody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from saikne.sizes import size


class Carried(ProgressColumn):
    """How much of how much; nothing for a step that carries nothing."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language  # columns are drawn in a thread that knows of no run

    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text()
        return Text(" / ".join(size(int(count), self._language) for count in (task.completed, task.total)))


class Pace(Carried):
    """How much in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text() if speed is None else Text(f"{size(int(speed), self._language)}/s")


@contextmanager
def bars(language: str) -> Iterator[Callable[[str, int, int], None]]:
    travelled = (Carried(language), Pace(language))
    columns = (TextColumn("{task.description}"), BarColumn(), *travelled, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {}

        def move(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            progress.update(tasks[name], completed=done, total=total)

        yield move
