"""`hub migrate` says which database it has brought to which schema, and never a password."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from hub.ops import schema
from tests.conftest import Cluster

SECRET = "hunter2"


def migrated(home: Path, **settings: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    ended = subprocess.run(
        [sys.executable, "-m", "hub", "migrate", "--lang", "en"],
        env={**kept, "HUB_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("setting", ["HUB_DATABASE_URL", "HUB_DATABASE_OWNER_URL"])
def test_a_database_is_named_by_its_place(
    cluster: Cluster, database_name: str, tmp_path: Path, setting: str
) -> None:
    url = make_url(cluster.url(database_name)).set(password=SECRET)
    settings = {"HUB_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    settings[setting] = url.render_as_string(hide_password=False)
    said = migrated(tmp_path, **settings)
    place = f"{url.host or url.query['host']}:{url.port or 5432}/{database_name}"
    assert said == f"Database {place}: schema {schema.newest()}.\n"


def test_the_database_that_nobody_asked_for_is_told_of(tmp_path: Path) -> None:
    said = migrated(tmp_path)
    assert f"comes with the hub, under {tmp_path / 'postgres'}: schema {schema.newest()}." in said
    assert "HUB_DATABASE_URL" in said
