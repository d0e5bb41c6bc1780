"""Whether a test exercises the product, or only compares lists that stand in the code.

A rule of the method is held by a test that lets the product decide something: it calls a function of ours, or
works through a fixture that does, itself or by a helper of the tests. Reading an enumeration or the keys of a
table decides nothing: such a test passes whatever the rule does.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("hub", "saikne", "saikne_schemas", "agis_sync", "saikne_demo")
DEEP = 4
"""How far helpers are followed."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
BOUND_BY_PYTEST = {"request", "tmp_path", "monkeypatch", "capsys", "caplog"}


@dataclass(frozen=True)
class Module:
    """A file of tests: what it defines, and where its names come from."""

    functions: dict[str, Function]
    imported: dict[str, tuple[str, str | None]]
    """Name -> module, and the object in it if it is not the module itself."""
    made: dict[str, ast.expr]
    """What its own constants are made of."""


def parsed(text: str) -> Module:
    tree = ast.parse(text)
    functions = {one.name: one for one in tree.body if isinstance(one, Function)}
    imported: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                imported[alias.asname or alias.name] = (node.module, alias.name)
        if isinstance(node, ast.Import):
            for alias in node.names:
                imported[alias.asname or alias.name.partition(".")[0]] = (alias.name, None)
    made = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    return Module(functions, imported, made)


@cache
def module_of(path: Path) -> Module:
    return parsed(path.read_text(encoding="utf-8"))


def exercises(module: Module, name: str, deep: int = DEEP) -> bool:
    """Whether this function lets the product decide."""
    function = module.functions[name]
    given = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)} - BOUND_BY_PYTEST
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        root = _root(call.func)
        if root is None:
            continue
        if root in given and _is_fixture(root, function):
            return True
        if (
            isinstance(call.func, ast.Attribute | ast.Subscript)
            and root in module.made
            and _is_ours(module, root, deep)
        ):
            return True
        if root in module.functions and root != name and deep and exercises(module, root, deep - 1):
            return True
        if root in module.imported and _decides(module.imported[root], call.func, deep):
            return True
    return False


def asserts(module: Module, name: str) -> bool:
    """Whether it can fail: it asserts, expects a refusal, or a helper of its own does."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Attribute) and node.attr == "raises")
        or (isinstance(node, ast.Call) and _root(node.func) in module.functions)
        for node in ast.walk(module.functions[name])
    )


def _root(callee: ast.expr) -> str | None:
    while isinstance(callee, ast.Attribute | ast.Call | ast.Subscript):
        callee = callee.func if isinstance(callee, ast.Call) else callee.value
    return callee.id if isinstance(callee, ast.Name) else None


def _is_ours(module: Module, constant: str, deep: int) -> bool:
    """Made by calls to the product, or of functions that call it: `COURTS = seed_courts()`."""
    for call in (node for node in ast.walk(module.made[constant]) if isinstance(node, ast.Call)):
        root = _root(call.func)
        if root in module.imported and _decides(module.imported[root], call.func, deep):
            return True
    return False


def _is_fixture(name: str, test: Function) -> bool:
    """A parameter that `parametrize` does not fill."""
    filled = {
        word.strip()
        for decorator in test.decorator_list
        for text in _texts(decorator)
        for word in text.split(",")
    }
    return name not in filled


def _texts(decorator: ast.expr) -> Iterator[str]:
    if isinstance(decorator, ast.Call) and decorator.args:
        for node in ast.walk(decorator.args[0]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _decides(whence: tuple[str, str | None], callee: ast.expr, deep: int) -> bool:
    name, wanted = whence
    if name.split(".")[0] in PRODUCT:
        return not _is_list(name, wanted)
    if name.split(".")[0] != "tests" or not deep:
        return False
    path = ROOT / (name.replace(".", "/") + ".py")
    if not path.exists():  # a module of a folder, imported by its name
        path, wanted = ROOT / name.replace(".", "/") / f"{wanted}.py", None
    if wanted is None and isinstance(callee, ast.Attribute):
        wanted = callee.attr
    if not path.exists() or wanted is None:
        return False
    module = module_of(path)
    return exercises(module, wanted, deep - 1) if wanted in module.functions else wanted[:1].isupper()


def _is_list(module: str, name: str | None) -> bool:
    """An enumeration: to call it, or to look up in it, decides nothing."""
    found = getattr(import_module(module), name, None) if name else None  # None: a module of a package
    return isinstance(found, type) and issubclass(found, Enum)
