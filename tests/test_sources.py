"""What the code cites is there: a section, an idea, a row, a threat, a habit of a document in the tree."""

import ast
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "hub" / "sources"
DOCUMENTS = {
    **{name: SOURCES / f"{name}.md" for name in ("design", "domain", "features", "method", "security")},
    "house": ROOT / ".github" / "CONTRIBUTING.md",
}
"""By the name under which the code cites them."""
CODE = [
    path
    for folder in ("hub", "clients", "schemas", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path != Path(__file__)
]
PAPERS = [
    *(ROOT / name for name in ("README.md", "schemas/README.md")),
    *sorted((ROOT / ".github").glob("*.md")),
    *sorted((ROOT / "hub").rglob("*.md")),
    *sorted((ROOT / "deploy").glob("*.md")),
]

CITED = re.compile(
    r"\b(?:(method)(?:\.md)? (?=S\d)|(domain|design|features|house|security)"
    r"(?:(?:\.md)?`?,? (?=habit|threat|trap|[FN]?\d)|\.md,? (?=[(\"])))"
)
CITING_COMMENT = re.compile(rf"#.*\b(?:{'|'.join(DOCUMENTS)}|threat)")
"""Only such a file's comments are looked for: finding them takes twice as long as all the rest."""
PLACE = re.compile(
    r"(?:,|,? and|,? with)? ?(?:(habit|threat|trap)s? )?([SFN]?\d+(?:\.\d+)?)(?:-([SFN]?\d+))?(?: (A\d)\b)?"
    r"|\"([^\"]+)\""
)
BRACKETS = re.compile(r" ?\(((?:(?:trap|threat)s? )?\d[\d, -]*\)|[^)]*\))")
BARE = re.compile(r"\bthreats? (\d+)")
PATHS = re.compile(r"`((?:hub|tests|schemas|clients|deploy|\.github|\.ci)/[^`\s]+)`")


def read(name: str) -> str:
    return DOCUMENTS[name].read_text(encoding="utf-8")


def places(name: str) -> set[str]:
    """Everything in a document that can be cited, as citations name it."""
    text = read(name)
    found = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)[ .]", text, re.MULTILINE))
    found |= set(re.findall(r"^\| ([SFNA]\d+) \|", text, re.MULTILINE))
    found |= set(re.findall(r"^#{2,3} (\D.*)$", text, re.MULTILINE))
    items = re.compile(r"^(\d+)\. ", re.MULTILINE)
    if name == "design":
        found |= set(re.findall(r"^\*\*(\d+)\. ", text, re.MULTILINE))
    if name == "domain":
        found |= {f"0.{number}" for number in items.findall(section(text, "## 0."))}
    if name == "features":
        found |= {f"2.{number}" for number in items.findall(section(text, "## 2."))}
    if name == "security":
        found |= {f"trap {number}" for number in items.findall(section(text, "## 1."))}
        threats = section(text, "## Threats")
        found |= {f"threat {number}" for number in re.findall(r"^\| (\d+) \|", threats, re.MULTILINE)}
    if name == "house":
        found |= {f"habit {number}" for number in items.findall(section(text, "## Habits"))}
    return found


def section(text: str, heading: str) -> str:
    """From a heading to the next one of its rank."""
    return text.split(f"\n{heading}", 1)[1].split("\n## ", 1)[0]


KNOWN = {name: places(name) for name in DOCUMENTS}


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Every (document, place) that a text names, ranges by their ends."""
    for citation in CITED.finditer(text):
        name, at, kind, last = citation[1] or citation[2], citation.end(), "", ""
        while True:
            if brackets := BRACKETS.match(text, at):
                at = brackets.end()
                yield from ((name, place) for place in bracketed(name, last, brackets[1].removesuffix(")")))
                continue
            place = PLACE.match(text, at)
            if place is None or place.end() == at:
                break
            at = place.end()
            kind = place[1] or kind
            if place[5]:
                yield name, place[5]
                continue
            last = place[2]
            yield from ((name, f"{kind} {end}".strip()) for end in (place[2], place[3]) if end)
            if place[4]:
                yield name, place[4]
    yield from (("security", f"threat {number}") for number in BARE.findall(text))


def bracketed(name: str, last: str, said: str) -> Iterator[str]:
    """`security.md 1 (traps 2, 3)` and `features.md 2 (1, 3)`; what else stands in brackets is words."""
    if traps := re.fullmatch(r"traps? ([\d, ]+)", said):
        yield from (f"trap {number}" for number in re.findall(r"\d+", traps[1]))
    elif name == "features" and re.fullmatch(r"[\d, ]+", said):
        yield from (f"{last}.{number}" for number in re.findall(r"\d+", said))


def prose(path: Path) -> Iterator[str]:
    """Docstrings, other texts and comments of a module, each in one line."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield " ".join(node.value.split())
    if not CITING_COMMENT.search(source):
        return
    with tokenize.open(path) as lines:
        comments = [one for one in tokenize.generate_tokens(lines.readline) if one.type == tokenize.COMMENT]
    yield " ".join(one.string.lstrip("# ") for one in comments)


@cache
def cited(path: Path) -> frozenset[tuple[str, str]]:
    """Everything that a module cites."""
    return frozenset(one for text in prose(path) for one in citations(text))


def lacking(cites: Iterable[tuple[str, str]]) -> set[str]:
    """What is cited and no document has."""
    return {f"{name} {place}" for name, place in cites if place not in KNOWN[name]}


def test_every_citation_in_the_code_leads_somewhere() -> None:
    missing = {str(path.relative_to(ROOT)): found for path in CODE if (found := lacking(cited(path)))}
    assert missing == {}


def test_the_citations_are_found_at_all() -> None:
    named = {name for path in CODE for name, _ in cited(path)}
    assert sum(bool(cited(path)) for path in CODE) > 200
    assert named == DOCUMENTS.keys()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Source: design.md 1, 2 and 11.", {"design 11"}),
        ("(`domain` 1.5, 7.4); moments", {"domain 7.4"}),
        ("domain 1.1 A9. It begins", {"domain A9"}),
        ("features N1, N99, F27", {"features N99"}),
        ("features.md 2 (1, 99)", {"features 2.99"}),
        ("method S47-S999; domain 1.2", {"method S999"}),
        ("security.md 1, 2, threats 1, 2, 14-99.", {"security threat 99"}),
        ("security.md 1 (traps 2, 99); RFC 7523", {"security trap 99"}),
        ("house.md, habit 4 and 99.", {"house habit 99"}),
        ("its list (threat 99).", {"security threat 99"}),
        ('(design.md, "What goes in")', {"design What goes in"}),
        ('(design.md, "What stays out")', set()),
        ("security.md 6 (72 hours), method S90; RFC 9421, RFC 9530", set()),
    ],
)
def test_a_citation_of_what_is_not_there_is_noticed(text: str, missing: set[str]) -> None:
    assert lacking(citations(text)) == missing


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_a_document_names_only_what_is_in_the_tree(paper: Path) -> None:
    named = {path.split("::")[0].rstrip("/") for path in PATHS.findall(paper.read_text(encoding="utf-8"))}
    assert not [path for path in sorted(named) if not any(ROOT.glob(path))]
