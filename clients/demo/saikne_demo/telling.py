"""How the demo tells its story: a line for each step that held, and bars while documents travel."""

from types import TracebackType
from typing import Self

from rich.console import Console as Terminal
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from saikne.command.bars import Carried
from saikne_demo.sentences import CATALOGUE, text


class Console:
    """Lines on a terminal or in a file; bars only on a terminal."""

    def __init__(self, speech: str) -> None:
        self._speech = speech
        self._terminal = Terminal(highlight=False, soft_wrap=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            Carried(speech),
            console=self._terminal,
            transient=True,
            disable=not self._terminal.is_terminal,
        )
        self._bars: dict[tuple[str, int], TaskID] = {}
        self._step = ""

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begun(self, step: str) -> None:
        self._step = step
        if step not in ("upload", "download"):
            self._bars[step, 0] = self._progress.add_task(f"{self._name(step)} …", total=None)

    def moved(self, step: str, part: int, done: int, total: int) -> None:
        if (step, part) not in self._bars:
            self._bars[step, part] = self._progress.add_task(f"{part}", total=total)
        self._progress.update(self._bars[step, part], completed=done)

    def held(self, step: str, seconds: float, **facts: object) -> None:
        for of, part in [bar for bar in self._bars if bar[0] == step]:
            self._progress.remove_task(self._bars.pop((of, part)))
        self.say(f"[green]✓[/green] {seconds:6.2f} s  {text(f'step.{step}', self._speech, **facts)}")

    def failed(self, trouble: Exception) -> None:
        self._progress.stop()
        self.say(f"[red]✗[/red] {text('failed', self._speech, step=self._step)}")
        self._terminal.print(f"{type(trouble).__name__}: {trouble}", markup=False)

    def say(self, line: str) -> None:
        self._terminal.print(line)

    def _name(self, step: str) -> str:
        return CATALOGUE.forms(f"step.{step}", self._speech)[0].split("{")[0].split(":")[0]
