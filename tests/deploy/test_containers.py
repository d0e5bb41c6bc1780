"""Every container of compose and Kubernetes is hardened, watched, and knows no more than it needs."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

from tests.deploy.containerfile import stages

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
Json = dict[str, Any]

COMPOSE: Json = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: Json = COMPOSE["services"]
PARTS: list[Json] = [
    part for path in sorted(DEPLOY.glob("kubernetes*.yaml")) for part in yaml.safe_load_all(path.read_text())
]
PODS: dict[str, Json] = {
    part["metadata"]["name"]: part["spec"]["template"]["spec"]
    for part in PARTS
    if "template" in part.get("spec", {})
}
CONTAINERS: dict[str, tuple[Json, Json]] = {
    one["name"]: (pod, one)
    for pod in PODS.values()
    for one in (*pod.get("initContainers", ()), *pod["containers"])
}
LASTING = [
    name for name, (pod, one) in CONTAINERS.items() if one in pod["containers"] and "restartPolicy" not in pod
]
POLICIES: dict[str, Json] = {
    part["metadata"]["name"]: part["spec"] for part in PARTS if part["kind"] == "NetworkPolicy"
}
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_of_compose_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges"]
    assert int(service["user"].split(":")[0]) > 0
    assert [
        mount
        for mount in service["tmpfs"]
        if not {"noexec", "nosuid", "nodev"} <= set(re.split("[:,]", mount))
    ] == []
    assert service["tmpfs"][0].startswith("/tmp:")  # noqa: S108  # a mount of its own
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert [port for port in service.get("ports", ()) if not port.startswith("127.0.0.1:")] == []


def test_the_database_of_compose_is_reached_from_inside_only() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_of_kubernetes_is_hardened(name: str) -> None:
    pod, container = CONTAINERS[name]
    person = pod["securityContext"]
    assert person["runAsNonRoot"] is True
    assert min(person["runAsUser"], person["runAsGroup"], person["fsGroup"]) > 0
    assert person["seccompProfile"] == {"type": "RuntimeDefault"}
    assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for bound in ("requests", "limits"):
        assert set(container["resources"][bound]) == {"cpu", "memory"}
    assert [one["name"] for one in pod["volumes"] if "hostPath" in one] == []
    assert [
        one["name"] for one in pod["volumes"] if "emptyDir" in one and "sizeLimit" not in one["emptyDir"]
    ] == []


def test_what_runs_on_is_asked_whether_it_lives() -> None:
    assert sorted(LASTING) == ["agis-sync", "serve", "worker"]
    unasked = [name for name in LASTING if not {"startupProbe", "livenessProbe"} <= set(CONTAINERS[name][1])]
    assert unasked == []
    asking = {name for name, service in SERVICES.items() if "healthcheck" in service}
    assert asking >= {"postgres", "serve", "worker"}


def test_a_copy_is_restarted_only_for_itself_and_gets_calls_only_when_it_can_answer_them() -> None:
    """What is down for all copies alike restarts none of them."""
    serve = CONTAINERS["serve"][1]
    assert serve["startupProbe"]["httpGet"]["path"] == serve["livenessProbe"]["httpGet"]["path"] == "/v1/live"
    path, _, query = serve["readinessProbe"]["httpGet"]["path"].partition("?")
    assert path == "/v1/ready"
    assert parse_qs(query) == {"exclude": ["promises", "objects"]}
    (asked,) = re.findall(r"http://127.0.0.1:8480(/[^']+)", SERVICES["serve"]["healthcheck"]["test"][-1])
    assert asked == "/v1/ready"


def test_every_process_of_an_installation_is_started() -> None:
    started = {service["command"][0] for service in SERVICES.values() if "command" in service}
    assert started == {"migrate", "serve", "worker", "run"}
    assert sorted(one["args"][0] for _, one in CONTAINERS.values() if "args" in one) == [
        "migrate",
        "run",
        "serve",
        "worker",
    ]


def test_an_image_is_run_as_the_user_that_it_was_made_for() -> None:
    made = {
        stage.command()[0]: stage.said("USER")[0]
        for stage in stages((DEPLOY / "Containerfile").read_text())[1:]
    }
    wanted = {f"saikne:{VERSION}": made["hub"], f"saikne-agis-sync:{VERSION}": made["agis-sync"]}
    for service in SERVICES.values():
        if "build" in service:
            assert service["user"] == wanted[service["image"]]
    for pod, container in CONTAINERS.values():
        person = pod["securityContext"]
        assert f"{person['runAsUser']}:{person['runAsGroup']}" == wanted[container["image"]]


def test_a_target_that_compose_builds_stands_in_the_containerfile() -> None:
    names = {stage.name for stage in stages((DEPLOY / "Containerfile").read_text())}
    assert {
        service["build"]["target"] for service in SERVICES.values() if "target" in service.get("build", {})
    } == {"agis-sync"}
    assert "agis-sync" in names


def test_a_new_version_has_a_migration_of_its_own() -> None:
    """A Job cannot be changed: one of the same name would keep the new image from being applied."""
    (job,) = [part["metadata"]["name"] for part in PARTS if part["kind"] == "Job"]
    assert job == f"saikne-migrate-{VERSION.replace('.', '-')}"


def test_only_migrate_and_the_operator_know_the_owners_password() -> None:
    knowing = {name for name, service in SERVICES.items() if "env/owner.env" in service["env_file"]}
    assert knowing == {"migrate", "operator"}
    for part in PARTS:
        if part["kind"] == "Deployment":
            assert "saikne-owner" not in yaml.dump(part)


def test_kubernetes_lets_no_traffic_in_or_out_but_what_is_named() -> None:
    assert POLICIES["saikne-in"] == {
        "podSelector": {"matchLabels": {"app": "saikne"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [],
        "egress": [],
    }
    entered = {name: rule["from"] for name, policy in POLICIES.items() for rule in policy.get("ingress", ())}
    assert set(entered) == {"saikne-serve-in", "saikne-figures-in", "agis-sync"}
    assert all("namespaceSelector" in source for sources in entered.values() for source in sources)
    assert POLICIES["saikne-serve-in"]["podSelector"]["matchLabels"]["part"] == "serve"
    left = [
        port for policy in POLICIES.values() for rule in policy.get("egress", ()) for port in rule["ports"]
    ]
    assert {port["port"] for port in left} == {22, 53, 443, 465, 587, 5432}
    for pod in PARTS:
        if "template" in pod.get("spec", {}):
            labels = pod["spec"]["template"]["metadata"]["labels"]
            assert [
                name
                for name, one in POLICIES.items()
                if one["podSelector"]["matchLabels"].items() <= labels.items()
            ]


SECRET = [
    "deploy/env/hub.env", "deploy/env/owner.env", "deploy/env/database.env", "deploy/env/agis-sync.env",
    ".env",
    "deploy/secrets/agis-sync/secret.txt", "deploy/secrets/agis-sync/job.key", "job.pem", "keys/token-1.json",
    "deploy/keys.tar", "saikne.dump", "register.jwk.json", "id_ed25519", "deploy/tls.p12",
]  # fmt: skip


def environment_files() -> set[str]:
    given = [service.get("env_file", []) for service in SERVICES.values()]
    return {f"deploy/{path}" for some in given for path in ([some] if isinstance(some, str) else some)}


def test_git_ignores_the_files_that_hold_secrets_and_keeps_the_examples() -> None:
    named = environment_files()
    wanted = sorted({*SECRET, *named})
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", *wanted], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert asked.stdout.split() == wanted
    examples = [f"{name}.example" for name in sorted(named)]
    assert [name for name in examples if not (ROOT / name).exists()] == []
    kept = subprocess.run(
        ["git", "check-ignore", "--no-index", *examples],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert (kept.returncode, kept.stdout) == (1, "")


def test_no_file_of_the_project_is_one_that_git_ignores() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-ci", "--exclude-standard"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert tracked.stdout == ""
