"""The library's public face is one list, and it never reaches for the hub's own code."""

import ast
from pathlib import Path

import saikne

MODULES = list(Path(saikne.__file__).parent.rglob("*.py"))


def test_every_public_name_can_be_had() -> None:
    assert [name for name in saikne.__all__ if getattr(saikne, name).__name__ != name] == []
    assert sorted(saikne.__all__) == sorted(saikne._HOME_OF)


def test_the_client_never_imports_the_hub() -> None:
    names = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
    assert {name.split(".")[0] for name in names} >= {"saikne", "saikne_schemas", "httpx"}
    assert not [name for name in names if name.split(".")[0] == "hub"]


def test_every_module_says_which_decision_lives_in_it() -> None:
    assert [module.name for module in MODULES if not ast.get_docstring(ast.parse(module.read_text()))] == []
