"""One list of exact versions rules what the tests run on, what the images hold and what the bill names."""

import json
import re
import tomllib
from importlib.metadata import distributions, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy import versions
from tests.deploy.versions import (
    BUILD_LOCK,
    DELIVERED,
    DEPLOY,
    LOCKS,
    OURS,
    ROOT,
    applies,
    listed,
    locked,
    version,
)

PROJECTS = [
    ROOT / "pyproject.toml",
    *sorted(ROOT.glob("clients/*/pyproject.toml")),
    ROOT / "schemas/pyproject.toml",
]
OF = {
    "requirements.lock": "saikne-hub",
    "requirements-client.lock": "saikne[letters]",
    "requirements-job.lock": "saikne-agis-sync",
}
SBOM: dict[str, Any] = json.loads((DEPLOY / "sbom.json").read_text(encoding="utf-8"))


def here(pins: list[Requirement]) -> dict[str, str]:
    return {pin.name: version(pin) for pin in pins if applies(pin)}


def test_the_tests_run_on_the_versions_of_the_list() -> None:
    installed = {canonicalize_name(one.name): one.version for one in distributions()}
    foreign = {name: number for name, number in installed.items() if name not in {*OURS, "pip"}}
    assert foreign == {name: number for name, number in here(listed()).items() if name in foreign}


@pytest.mark.parametrize("lock", sorted({*LOCKS, BUILD_LOCK}))
def test_a_lock_names_what_the_list_names(lock: str) -> None:
    known = here([*listed(), *versions.builders()])
    assert {name: known.get(name) for name in here(locked(lock))} == here(locked(lock))


def test_what_builds_has_one_version() -> None:
    assert here(versions.builders()) == here(locked(BUILD_LOCK))
    both = here(versions.builders()).keys() & here(listed()).keys()
    assert {"hatchling", "uv"} <= both
    assert {name: here(listed())[name] for name in both} == {
        name: here(versions.builders())[name] for name in both
    }


@pytest.mark.parametrize("lock", sorted(LOCKS))
def test_a_lock_names_all_that_its_program_needs_and_no_more(lock: str) -> None:
    assert set(here(locked(lock))) == needed(Requirement(OF[lock])) - OURS


def needed(wanted: Requirement) -> set[str]:
    """A distribution with all that it needs here, by what is installed."""
    seen: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(wanted.name), extra) for extra in ("", *wanted.extras)]
    while waiting:
        name, extra = one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for line in requires(name) or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(need.name), more) for more in ("", *need.extras)]
    return {name for name, _ in seen}


@pytest.mark.parametrize("lock", sorted({*LOCKS, BUILD_LOCK}))
def test_every_locked_library_has_its_digests_and_no_address(lock: str) -> None:
    body = "".join(line for line in (DEPLOY / lock).read_text().splitlines(keepends=True) if line[0] != "#")
    entries = re.split(r"\n(?=\S)", body.strip())
    assert len(entries) > 5
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert not re.search(r"://|@", body)


def declared(project: Path) -> list[Requirement]:
    read = tomllib.loads(project.read_text(encoding="utf-8"))
    groups = read.get("dependency-groups", {}).values()
    extras = read["project"].get("optional-dependencies", {}).values()
    lines = [*read["project"]["dependencies"], *(line for some in (*groups, *extras) for line in some)]
    return [one for one in map(Requirement, lines) if one.name not in OURS]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_the_list_stays_within_the_bounds_that_the_projects_name(project: Path) -> None:
    known = here(listed())
    outside = [
        str(one)
        for one in declared(project)
        if not one.specifier.contains(known[canonicalize_name(one.name)])
    ]
    assert outside == []


def test_the_bill_of_materials_names_what_the_locks_name_with_what_needs_what() -> None:
    assert (SBOM["bomFormat"], SBOM["specVersion"]) == ("CycloneDX", "1.5")
    libraries = {(one["name"], one["version"]) for one in SBOM["components"] if one["name"] not in OURS}
    wanted = {(pin.name, version(pin)) for lock in LOCKS for pin in locked(lock)}
    assert libraries == wanted
    assert {one["name"] for one in SBOM["components"]} >= DELIVERED - {"saikne-hub"}
    known = {one["bom-ref"] for one in [SBOM["metadata"]["component"], *SBOM["components"]]}
    assert {one["ref"] for one in SBOM["dependencies"]} <= known
    assert {ref for one in SBOM["dependencies"] for ref in one.get("dependsOn", ())} <= known
    assert all(
        one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
        for one in SBOM["components"]
        if one["name"] not in OURS
    )


def test_no_host_of_a_registry_stands_in_the_list_or_in_what_is_made_from_it() -> None:
    made = [ROOT / "pyproject.toml", DEPLOY / "sbom.json", *(DEPLOY / lock for lock in (*LOCKS, BUILD_LOCK))]
    assert [
        path.name for path in made if re.search(r"https?://|index-url|\[\[tool\.uv\.index", path.read_text())
    ] == []
