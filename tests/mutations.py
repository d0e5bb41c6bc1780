"""Whether the tests hold the rules: `python -m tests.mutations [--seed N] [--count 60]`, by hand.

Draws small mistakes in the rules and tables of the rooms, makes each by itself in a clean working tree, runs
the tests of that room until the first fails, and takes it back. Those tests have to be green without it.
Prints a line for each; a mistake that no test has seen is a gap, or changes nothing that anybody can see.
Ends with 1 where there are such.
"""

import argparse
import ast
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEEN_IN = {
    "hub/kernel/days.py": "tests/kernel tests/matters/test_stated_days.py",
    "hub/kernel/steps.py": "tests/kernel",
    "hub/workdays/calendars.py": "tests/workdays",
    "hub/workdays/deadlines.py": "tests/workdays",
    "hub/duties/duty.py": "tests/duties tests/workdays tests/exchange/test_overdue.py",
    "hub/duties/ladder.py": "tests/duties",
    "hub/duties/recount.py": "tests/duties tests/exchange/test_recounting.py",
    "hub/passwords/channels.py": "tests/passwords",
    "hub/passwords/handover.py": "tests/passwords",
    "hub/passwords/phrase.py": "tests/passwords",
    "hub/exchange/steps.py": "tests/exchange/test_steps.py",
    "hub/exchange/copy_request.py": "tests/exchange/test_copy_request.py",
    "hub/exchange/offer.py": "tests/exchange/test_offer.py",
    "hub/exchange/extension.py": "tests/exchange/test_extension.py",
    "hub/exchange/supplement.py": "tests/exchange/test_supplement.py",
    "hub/exchange/ways.py": "tests/exchange/test_ways.py",
    "hub/exchange/documents.py": "tests/exchange/test_documents.py",
    "hub/exchange/postal_item.py": "tests/exchange/test_postal_item.py",
    "hub/exchange/casework/closing.py": "tests/exchange/test_paper.py tests/journeys/test_turns.py",
    "hub/exchange/casework/extending.py": "tests/exchange/test_extending.py",
    "hub/exchange/casework/supplementing.py": "tests/exchange/test_supplementing.py",
    "hub/exchange/casework/paper.py": "tests/exchange/test_paper.py",
    "hub/exchange/casework/misdirected.py": "tests/exchange/test_misdirected.py tests/journeys/test_paper.py",
    "hub/transfers/child_move.py": "tests/transfers/test_child_move.py tests/journeys/test_child_moves.py",
    "hub/transfers/effective_date.py": "tests/transfers",
    "hub/transfers/family/dating.py": "tests/transfers/family",
    "hub/transfers/family/notice.py": "tests/transfers/family",
    "hub/transfers/family/override.py": "tests/transfers/family",
    "hub/transfers/family/steps.py": "tests/transfers/family tests/journeys/test_family_moves.py",
    "hub/transfers/family/tracks.py": "tests/transfers/family tests/matters",
    "hub/plans/activities.py": "tests/plans",
    "hub/plans/agreeing.py": "tests/plans",
    "hub/plans/sending.py": "tests/plans",
    "hub/plans/steps.py": "tests/plans tests/matters tests/journeys/test_plans.py",
    "hub/siblings/contact.py": "tests/siblings tests/matters tests/journeys/test_sibling_contacts.py",
    "hub/training/settlement.py": "tests/training",
    "schemas/saikne_schemas/training_price.py": "tests/training",
    "hub/training/contract.py": "tests/training",
    "hub/agreements/agreement.py": "tests/agreements tests/matters tests/journeys/test_agreements.py",
    "hub/agis/registering.py": "tests/agis",
    "hub/agis/steps.py": "tests/agis",
    "hub/agis/tries.py": "tests/agis",
    "hub/reconciliation/course.py": "tests/reconciliation",
    "hub/reconciliation/compare.py": "tests/reconciliation",
    "hub/evidence/chain.py": "tests/evidence",
}
"""Rules and tables, and where their tests are."""

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    path: str
    line: int
    start: int
    """In the file's bytes."""
    end: int
    says: str

    def made(self, source: bytes) -> bytes:
        return source[: self.start] + self.says.encode() + source[self.end :]


def mistakes(path: str) -> list[Mistake]:
    """Every one that could be made in a file."""
    source = (ROOT / path).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    words = _words(tree)
    found = []
    for node in _decided(tree):
        if not isinstance(node, ast.expr) or node.end_lineno is None or node.end_col_offset is None:
            continue
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        said = [*_judged_otherwise(node), *_named_otherwise(node, words)]
        found += [Mistake(path, node.lineno, start, end, one) for one in said]
    return found


def _judged_otherwise(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            yield f"({ast.unparse(left)} {_COMPARED[type(op)]} {ast.unparse(right)})"
        case ast.BoolOp(op=op, values=values):
            other = " or " if isinstance(op, ast.And) else " and "
            yield "(" + other.join(f"({ast.unparse(one)})" for one in values) + ")"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"bool({ast.unparse(operand)})"
        case _:
            return


def _named_otherwise(node: ast.expr, words: dict[str, set[str]]) -> Iterator[str]:
    match node:
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1)
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            yield from (f"{name}.{other}" for other in sorted(words.get(name, set()) - {attr})[:2])
        case _:
            return


def _words(tree: ast.AST) -> dict[str, set[str]]:
    """The members of enumerations that a file names: `State.OPEN`."""
    words: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.isupper():
            words.setdefault(node.value.id, set()).add(node.attr)
    return words


def _decided(tree: ast.AST) -> Iterator[ast.AST]:
    """What is neither a type nor a text."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "bases"}:
                continue
            children = value if isinstance(value, list) else [value]
            waiting += [child for child in children if isinstance(child, ast.AST)]


def is_seen(mistake: Mistake) -> bool:
    """Make it, run the room's tests, take it back."""
    file = ROOT / mistake.path
    sound = file.read_bytes()
    try:
        file.write_bytes(mistake.made(sound))
        return not is_green(SEEN_IN[mistake.path])
    finally:
        file.write_bytes(sound)


def is_green(tests: str) -> bool:
    run = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-n", "0", "--no-header", *tests.split()]
    try:
        return subprocess.run(run, cwd=ROOT, capture_output=True, check=False, timeout=900).returncode == 0
    except subprocess.TimeoutExpired:  # a mistake that ends nowhere is seen as well
        return False


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--count", type=int, default=60)
    given = asked.parse_args()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "hub"], cwd=ROOT, capture_output=True, check=True
    )
    if changed.stdout:
        sys.exit("hub/ has changes that are not committed")
    dice = random.Random(given.seed)  # noqa: S311  # nothing secret
    drawn = [dice.choice(mistakes(path)) for path in dice.choices(sorted(SEEN_IN), k=given.count)]
    for tests in {SEEN_IN[mistake.path]: None for mistake in drawn}:
        if not is_green(tests):
            sys.exit(f"{tests}: red, or nothing there, before any mistake was made")
    unseen = 0
    for mistake in drawn:
        seen = is_seen(mistake)
        unseen += not seen
        where = f"{mistake.path}:{mistake.line}"
        sys.stdout.write(f"{'seen' if seen else 'UNSEEN':7} {where}: {mistake.says}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(drawn) - unseen} of {len(drawn)} seen, seed {given.seed}\n")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
