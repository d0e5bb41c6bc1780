"""A Containerfile read as an engine reads it, with its context and ignore file; its steps, done in a folder.

No engine runs where the tests run. Paths of the image become paths below a folder, the base image is this
machine's Python, and `pip` is uv: everything else is done by the words that stand in the file.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath


@dataclass
class Stage:
    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def said(self, instruction: str) -> list[str]:
        return [rest for word, rest in self.steps if word == instruction]

    @property
    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for line in self.said("ENV") for pair in shlex.split(line))

    def command(self) -> list[str]:
        """What a container of this stage runs."""
        return [
            word for name in ("ENTRYPOINT", "CMD") for line in self.said(name) for word in json.loads(line)
        ]


def stages(text: str) -> list[Stage]:
    found: list[Stage] = []
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, rest = line.split(None, 1)
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base, name))
        else:
            found[-1].steps.append((word, rest))
    return found


def is_ignored(path: str, patterns: list[str]) -> bool:
    """The last pattern that fits the path, or a folder above it, decides."""
    above = [path, *(str(each) for each in PurePosixPath(path).parents)]
    ignored = False
    for pattern in patterns:
        plain = _expression(pattern.removeprefix("!").strip("/"))
        if any(plain.fullmatch(each) for each in above):
            ignored = not pattern.startswith("!")
    return ignored


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/?|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part, re.escape(part)) for part in parts))


def context(root: Path, patterns: list[str]) -> list[str]:
    """The files that are handed to the engine."""
    found = []
    for folder, below, files in os.walk(root):
        below[:] = [
            name for name in below if not name.startswith(".")
        ]  # nothing of them is let in: see the test
        names = [(Path(folder) / name).relative_to(root).as_posix() for name in files]
        found += [name for name in names if not is_ignored(name, patterns)]
    return sorted(found)


_OF_THE_TESTS = {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON"}


class Builder:
    """Does one stage's steps below a folder."""

    def __init__(self, source: Path, files: list[str], image: Path) -> None:
        self._source, self._files, self._image = source, files, image
        self._at = "/"
        self._tools = image / "usr"
        self._environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_TESTS}

    def build(self, stage: Stage) -> None:
        self._environment |= stage.environment | {"UV_COMPILE_BYTECODE": "0"}  # half a minute for nothing new
        self._environment["PATH"] = f"{self._tools / 'bin'}:{self._environment['PATH']}"
        subprocess.run(["uv", "venv", "--quiet", self._tools], check=True)
        for word, rest in stage.steps:
            if word == "WORKDIR":
                self._at = rest
            elif word == "COPY":
                self._copy(*rest.split())
            elif word == "RUN":
                self._run(rest)

    def _copy(self, *words: str) -> None:
        *sources, target = words
        for source in sources:
            wanted = [name for name in self._files if is_ignored(name, [source])]
            assert wanted, f"{source} is not in the context"
            for name in wanted:
                below = PurePosixPath(name).relative_to(_fixed(source))
                self._put(
                    name, self._below(target) / (below if str(below) != "." else PurePosixPath(name).name)
                )

    def _put(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._source / name, target)

    def _run(self, line: str) -> None:
        moved = re.sub(r"(?<=[\s=])/(?=\w)", f"{self._image}/", f" {line}")
        done = subprocess.run(
            ["sh", "-c", re.sub(r"^ pip install ", f" uv pip install --python {self._tools} ", moved)],
            cwd=self._below(""),
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"

    def _below(self, place: str) -> Path:
        folder = self._image / str(PurePosixPath(self._at) / place).lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _fixed(source: str) -> str:
    """A folder's own name is not copied; of a pattern the last folder before the first star."""
    return source if "*" not in source else str(PurePosixPath(source.partition("*")[0] + "x").parent)
