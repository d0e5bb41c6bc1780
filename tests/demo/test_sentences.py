"""Whatever the demo tells has its sentence, and every sentence is told."""

import re
from pathlib import Path

import saikne_demo
from saikne_demo.sentences import CATALOGUE
from saikne_demo.visitors import VISITORS

SOURCES = [path.read_text(encoding="utf-8") for path in Path(saikne_demo.__file__).parent.rglob("*.py")]


def named(pattern: str) -> set[str]:
    return {name for source in SOURCES for name in re.findall(pattern, source)}


def test_every_step_and_every_line_has_its_sentence_and_no_sentence_is_left_over() -> None:
    steps = {f"step.{name}" for name in named(r'\bstep\("([a-z_]+)"\)')}
    lines = named(r"""\btext\(\s*["']([a-z._-]+)["']""")
    looked_at_by = {f"look.{who}" for who in ("requester", "holder", "overseer")}
    looked_at_by |= {f"look.page.{one.who}" for one in VISITORS}
    assert len(steps) > 20
    assert steps | lines | looked_at_by == CATALOGUE.identifiers("lv")
