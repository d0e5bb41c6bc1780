"""`hub demo` that is stopped before its story ended has not shown that every step held."""

import os
import signal
import subprocess
import sys
from pathlib import Path


def test_a_demo_that_is_interrupted_in_its_story_ends_with_130_and_keeps_no_report(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("of an earlier run")
    environment = {**os.environ, "HUB_LANG": "en", "PYTHONUNBUFFERED": "1"}
    demo = subprocess.Popen(
        [sys.executable, "-m", "hub", "demo", "--once", "--keep", str(tmp_path)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().endswith("are up\n")
        demo.send_signal(signal.SIGTERM)
        _, told = demo.communicate(timeout=60)
    assert (demo.returncode, told) == (130, "The demo was interrupted; its files are removed.\n")
    assert list(tmp_path.iterdir()) == []
