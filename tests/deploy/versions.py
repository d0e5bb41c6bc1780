"""The one list of exact versions, `constraint-dependencies` in pyproject.toml, and what is made from it.

`uv run python -m tests.deploy.versions` writes the list from what uv resolves within the bounds of the
projects, then from the list the locks with digests (hub, client, job, and what builds them) and the SBOM.
With `--renew` every library moves to its newest version first. No host of a registry is written anywhere.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "pyproject.toml"
DEPLOY = ROOT / "deploy"
DELIVERED = {"saikne", "saikne-agis-sync", "saikne-hub", "saikne-schemas"}
OURS = DELIVERED | {"saikne-demo"}
LOCKS = {
    "requirements.lock": ["--package", "saikne-hub"],
    "requirements-client.lock": ["--package", "saikne", "--all-extras"],
    "requirements-job.lock": ["--package", "saikne-agis-sync"],
}
BUILD_LOCK = "requirements-build.lock"
"""What makes the wheels: uv and the build backend with what they need."""
BUILDERS = ["hatchling~=1.27", "uv~=0.13"]
_HEAD = """\
# Exact versions and their digests, for `--require-hashes`; from where, the installer's own settings say.
# Made from the list in pyproject.toml:  uv run python -m tests.deploy.versions
"""
_PLAIN = ["--no-emit-workspace", "--no-header", "--no-annotate", "--no-default-groups"]


def listed() -> list[Requirement]:
    """Every library of tests and images, with markers where two versions stand side by side."""
    tool = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["uv"]
    return [Requirement(line) for line in tool["constraint-dependencies"]]


def builders() -> list[Requirement]:
    tool = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["uv"]
    return [Requirement(line) for line in tool["build-constraint-dependencies"]]


def locked(name: str) -> list[Requirement]:
    """What a lock of `deploy/` names, without its digests."""
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix(" \\")) for line in lines if re.match(r"[a-z0-9]", line)]


def applies(requirement: Requirement) -> bool:
    """On this machine, with this Python."""
    return requirement.marker is None or requirement.marker.evaluate()


def version(requirement: Requirement) -> str:
    (pin,) = requirement.specifier
    assert pin.operator == "=="
    return pin.version


def _uv(*words: str, given: str | None = None) -> str:
    done = subprocess.run(
        ["uv", *words, "--quiet"], cwd=ROOT, input=given, text=True, capture_output=True, check=True
    )
    return done.stdout


def _write_list(name: str, lines: list[str]) -> None:
    body = "".join(f"    {json.dumps(line)},\n" for line in lines)
    text, found = re.subn(
        rf"(?ms)^{name} = \[.*?^\]", lambda _: f"{name} = [\n{body}]", PROJECT.read_text("utf-8")
    )
    assert found == 1
    PROJECT.write_text(text, encoding="utf-8")


def write(*, renew: bool) -> None:
    if renew:
        _write_list("constraint-dependencies", [])
        _write_list("build-constraint-dependencies", [])
        _uv("lock", "--upgrade")
    everything = ["--all-packages", "--all-groups", "--all-extras", "--no-hashes"]
    _write_list("constraint-dependencies", _uv("export", *everything, *_PLAIN[:3]).splitlines())
    for name, whose in LOCKS.items():
        (DEPLOY / name).write_text(_HEAD + _uv("export", *whose, *_PLAIN), encoding="utf-8")
    build = _compiled()
    (DEPLOY / BUILD_LOCK).write_text(_HEAD + build, encoding="utf-8")
    pins = [line.removesuffix(" \\") for line in build.splitlines() if line[0] != " "]
    _write_list("build-constraint-dependencies", pins)
    (DEPLOY / "sbom.json").write_text(json.dumps(_materials(), indent=1) + "\n", encoding="utf-8")


def _compiled() -> str:
    words = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    known = "\n".join([*BUILDERS, *map(str, builders())])
    return _uv("pip", "compile", *words, "-", given=known)


def _materials() -> dict[str, Any]:
    """CycloneDX of all that is delivered: names, versions, what needs what. Digests stand in the locks."""
    words = [word for name in sorted(DELIVERED) for word in ("--package", name)]
    words += ["--all-extras", "--no-default-groups", "--format", "cyclonedx1.5"]
    bill: dict[str, Any] = json.loads(_uv("export", *words))
    del bill["serialNumber"], bill["metadata"]["timestamp"]  # made twice it is the same
    for component in bill["components"]:
        component.pop("externalReferences", None)  # hosts
    return bill


if __name__ == "__main__":
    write(renew="--renew" in sys.argv[1:])
