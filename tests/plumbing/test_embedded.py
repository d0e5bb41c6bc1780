"""The PostgreSQL that comes with the hub starts wherever it is, and ends with the last who needs it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.plumbing import embedded

USE_IT = """
import sys
from pathlib import Path
from hub.plumbing import embedded

embedded.start(Path(sys.argv[1]))
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Where the server's own user may go too."""
    home = Path(tempfile.mkdtemp(prefix="saikne-tests-"))
    home.chmod(0o755)
    yield home / "postgres"
    shutil.rmtree(home, ignore_errors=True)


def use(home: Path, **environment: str) -> int:
    """Start it in a process of its own, which ends at once; the process's number."""
    process = subprocess.Popen([sys.executable, "-c", USE_IT, str(home)], env={**os.environ, **environment})
    assert process.wait(60) == 0
    return process.pid


def test_it_starts_in_a_locale_that_the_machine_does_not_have_and_ends_with_its_process(home: Path) -> None:
    use(home, LANG="xx_XX.UTF-8", LC_ALL="xx_XX.UTF-8")
    assert (home / "PG_VERSION").exists()
    assert not embedded.is_running(home)


def test_a_process_that_was_killed_is_not_waited_for(home: Path) -> None:
    killed = use(home)
    (home / ".handle_pids.json").write_text(json.dumps([killed]))
    use(home)
    assert not embedded.is_running(home)
