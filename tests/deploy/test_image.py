"""The images hold what their containers run: they are built here, step by step, from the same files."""

import subprocess
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.deploy import versions
from tests.deploy.containerfile import Builder, Stage, context, is_ignored, stages

CONTAINERFILE = versions.DEPLOY / "Containerfile"
IGNORED = CONTAINERFILE.with_name("Containerfile.dockerignore").read_text().split()
BUILD, *IMAGES = stages(CONTAINERFILE.read_text())
HUB = next(stage for stage in IMAGES if stage.command()[0] == "hub")
JOB = next(stage for stage in IMAGES if stage.command()[0] == "agis-sync")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    image = tmp_path_factory.mktemp("image")
    Builder(versions.ROOT, context(versions.ROOT, IGNORED), image).build(BUILD)
    return image


def taken(stage: Stage, built: Path) -> Path:
    """The environment that an image takes from the build; it stands there where it was made."""
    (source, target) = next(words.split()[1:] for words in stage.said("COPY") if "--from=build" in words)
    assert source == target
    assert stage.environment["PATH"].startswith(f"{target}/bin:")
    return built / source.lstrip("/")


def run(program: Path, *words: str) -> str:
    done = subprocess.run([program, *words], capture_output=True, text=True, check=True, cwd="/")
    return done.stdout


def installed(environment: Path) -> dict[str, str]:
    (packages,) = environment.glob("lib/python3*/site-packages")
    return {canonicalize_name(one.name): one.version for one in distributions(path=[str(packages)])}


def test_the_image_of_the_hub_runs_the_hub(built: Path) -> None:
    hub = taken(HUB, built) / "bin" / "hub"
    assert "serve" in run(hub, "--help")
    assert run(hub, "deadline", "2026-06-10", "--days", "10", "--calendar", "moved").strip() == "2026-06-27"
    assert "HUB_BIND" in HUB.environment


def test_the_image_of_the_job_runs_the_job(built: Path) -> None:
    assert "--continuous" in run(taken(JOB, built) / "bin" / "agis-sync", "run", "--help")


@pytest.mark.parametrize(
    ("stage", "lock", "ours"),
    [
        (HUB, "requirements.lock", {"saikne-hub", "saikne-schemas"}),
        (JOB, "requirements-job.lock", {"saikne-agis-sync", "saikne", "saikne-schemas"}),
    ],
    ids=["hub", "job"],
)
def test_an_image_holds_what_its_lock_names_and_nothing_else(
    built: Path, stage: Stage, lock: str, ours: set[str]
) -> None:
    found = installed(taken(stage, built))
    wanted = {one.name: versions.version(one) for one in versions.locked(lock) if versions.applies(one)}
    assert {name: version for name, version in found.items() if name not in ours} == wanted
    assert ours <= set(found)


def test_the_hub_of_the_image_is_the_one_of_this_folder(built: Path) -> None:
    """Every module and every file beside them came along: sentences, migrations, the calendar."""
    (package,) = taken(HUB, built).glob("lib/python3*/site-packages/hub")
    delivered = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    wanted = {
        path.relative_to(versions.ROOT / "hub")
        for path in (versions.ROOT / "hub").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path for path in delivered if "__pycache__" not in path.parts} == wanted


@pytest.mark.parametrize("stage", IMAGES, ids=lambda stage: stage.command()[0])
def test_no_image_runs_as_root(stage: Stage) -> None:
    (user,) = stage.said("USER")
    assert int(user.split(":")[0]) > 0


@pytest.mark.parametrize("stage", IMAGES, ids=lambda stage: stage.command()[0])
def test_what_writes_no_bytecode_was_compiled_when_its_image_was_built(stage: Stage) -> None:
    """Or each start of a container would compile two thousand files anew, for longer than it loads them."""
    assert stage.environment["PYTHONDONTWRITEBYTECODE"] == "1"
    assert BUILD.environment["UV_COMPILE_BYTECODE"] == "1"


@pytest.mark.parametrize("path", [
    "deploy/env/hub.env", "hub/.env", "hub/keys.pem", "clients/python/agency.key", ".git/config",
    ".venv/bin/hub",
    "tests/conftest.py", "hub/__pycache__/app.cpython-311.pyc", "schemas/.hidden/x.env",
])  # fmt: skip
def test_neither_secrets_nor_what_is_not_needed_is_handed_to_the_engine(path: str) -> None:
    assert is_ignored(path, IGNORED)


def test_the_context_is_what_the_steps_copy() -> None:
    given = context(versions.ROOT, IGNORED)
    sources = [word for line in BUILD.said("COPY") for word in line.split()[:-1]]
    assert [name for name in given if not is_ignored(name, sources)] == []
    assert len(given) > 100
