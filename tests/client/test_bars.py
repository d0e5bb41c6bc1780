"""How far a transfer is, drawn in the language of the run also by the thread that draws by itself."""

from threading import Thread

import pytest
from rich.progress import Progress, Task

from saikne.command.bars import Carried, Pace

CARRIED = {"lv": "2,5 MB / 12,0 MB", "en": "2.5 MB / 12.0 MB"}


def task_of(name: str, *, total: int | None, completed: int = 0) -> Task:
    progress = Progress(auto_refresh=False)
    progress.add_task(name, total=total, completed=completed)
    (task,) = progress.tasks
    return task


@pytest.mark.parametrize("language", CARRIED)
def test_bytes_are_drawn_as_the_run_speaks(language: str) -> None:
    task = task_of("plan.pdf", total=12_000_000, completed=2_500_000)
    drawn: list[str] = []
    thread = Thread(target=lambda: drawn.append(Carried(language).render(task).plain))
    thread.start()
    thread.join()
    task.finished_speed = 1_500_000
    assert [*drawn, Pace(language).render(task).plain] == [
        CARRIED[language],
        {"lv": "1,5 MB/s", "en": "1.5 MB/s"}[language],
    ]


def test_a_step_that_carries_nothing_shows_nothing() -> None:
    task = task_of("sealed", total=None)
    assert (Carried("lv").render(task).plain, Pace("lv").render(task).plain) == ("", "")
