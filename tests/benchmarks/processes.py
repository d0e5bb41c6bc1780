"""What the processes of a server have used: its first one and all that it has started and that run still."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def with_children(pid: int) -> list[Path]:
    """Their folders in /proc."""
    process = Path(f"/proc/{pid}")
    children = (process / f"task/{pid}/children").read_text().split()
    return [process, *(found for child in children for found in with_children(int(child)))]


def processor_seconds(pid: int) -> float:
    """By what the kernel has counted (proc(5)), in user and system mode."""
    return sum(map(_ticks, with_children(pid))) / _TICKS


def _ticks(process: Path) -> int:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
