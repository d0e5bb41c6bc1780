"""The register runs in a process of its own and says what came of it when it is ended."""

import json
import subprocess
import sys
from pathlib import Path

import httpx

from saikne_demo.register import Fault
from saikne_schemas.register_files import canonical
from tests.demo.register.test_over_http import bearer, content_digest
from tests.peers.sealed_entries import entry


def test_it_says_where_it_is_and_in_the_end_what_came_of_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "saikne_demo.register", "--chance", "busy=1", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        place = json.loads(process.stdout.readline())
        body = canonical(one := entry(place["jwk"]))
        with httpx.Client(base_url=place["url"], trust_env=False) as client:
            headers = {"Authorization": bearer(client), "Content-Digest": content_digest(body)}
            assert client.put(f"/transfers/{one.key}", content=body, headers=headers).status_code == 429
        process.terminate()
        said = json.loads(process.stdout.readline())
    assert (tmp_path / "out").is_dir()
    assert said == {"in_force": 0, "took_effect": 0, "twice": [], "faults": {Fault.BUSY: 1}}
    assert process.returncode == 0
