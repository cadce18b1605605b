"""deploy/kubernetes: valid, of one piece, and of the same mind as compose.yaml."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import kubernetes_validate  # type: ignore[import-untyped]
import promql_parser
import pytest
import yaml

from config import Settings
from s3mover.cli import main
from s3mover.metrics.table import TABLE
from tests.deploy.test_commands import parse, run
from tests.deploy.test_compose import known_settings, seconds

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml"))
NOT_KUBERNETES = {"kustomization.yaml", "keda.yaml"}
WEB = {"S3MOVER_WEB_TOKEN"}  # the web's own: workers would refuse it
Object = dict[str, Any]


def documents(name: str) -> list[Object]:
    return list(yaml.safe_load_all((FOLDER / name).read_text()))


OBJECTS = [each for name in FILES if name not in NOT_KUBERNETES for each in documents(name)]
DEPLOYMENTS = {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] == "Deployment"}


def named(kind: str, name: str) -> Object:
    (found,) = [o for o in OBJECTS if (o["kind"], o["metadata"]["name"]) == (kind, name)]
    return found


def pod(name: str) -> Object:
    found: Object = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    return found


def container(name: str) -> Object:
    (found,) = pod(name)["containers"]
    return dict(found)


def variables(name: str) -> set[str]:
    """Return the names of the variables that a container of a deployment is given."""
    found = {each["name"] for each in container(name).get("env", [])}
    for source in container(name)["envFrom"]:
        ((kind, reference),) = source.items()
        where = named({"configMapRef": "ConfigMap", "secretRef": "Secret"}[kind], reference["name"])
        found |= set(where.get("data", {})) | set(where.get("stringData", {}))
    return found


@pytest.mark.parametrize("document", OBJECTS, ids=lambda o: f"{o['kind']}-{o['metadata']['name']}")
def test_kubernetes_takes_it(document: Object) -> None:
    kubernetes_validate.validate(document, "1.34", strict=True)


def test_the_check_is_strict() -> None:
    wrong = {**named("Service", "s3mover-web"), "spek": {}}

    with pytest.raises(kubernetes_validate.ValidationError, match="spek"):
        kubernetes_validate.validate(wrong, "1.34", strict=True)


def test_keda_takes_it_and_finds_what_to_scale() -> None:
    (scaled,) = documents("keda.yaml")
    schema = json.loads(Path(__file__).with_name("keda.schema.json").read_text())

    jsonschema.validate(scaled, schema)

    spec = scaled["spec"]
    assert spec["scaleTargetRef"]["name"] in DEPLOYMENTS
    assert "replicas" not in DEPLOYMENTS["s3mover-worker"]["spec"]  # two would quarrel
    assert spec["triggers"][0]["metadata"]["threshold"] == str(
        Settings.model_fields["concurrency"].default
    )
    assert spec["minReplicaCount"] >= 1
    for trigger in spec["triggers"]:
        promql_parser.parse(trigger["metadata"]["query"])


def test_the_kustomization_has_every_file_but_those_that_are_not_for_all() -> None:
    (kustomization,) = documents("kustomization.yaml")

    listed = set(kustomization["resources"])

    assert set(FILES) - listed == {*NOT_KUBERNETES, "secret.example.yaml"}
    assert listed < set(FILES)
    images = {container(name)["image"] for name in DEPLOYMENTS}
    assert images == {image["name"] for image in kustomization["images"]}


def test_a_worker_is_told_only_what_it_knows() -> None:
    assert variables("s3mover-worker") <= known_settings()
    assert variables("s3mover-beat") <= known_settings()
    assert variables("s3mover-web") <= {"S3MOVER_BROKER_URL", *WEB}
    assert {"S3MOVER_BROKER_URL", "S3MOVER_S3_BUCKET"} <= variables("s3mover-worker")


@pytest.mark.parametrize("name", ["s3mover-beat", "s3mover-web"])
def test_what_never_copies_holds_no_key_of_the_store(name: str) -> None:
    assert not [each for each in variables(name) if each.endswith(("KEY", "SESSIONTOKEN"))]


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_the_command_is_that_of_compose(services: dict[str, Object], name: str) -> None:
    command = container(f"s3mover-{name}")["command"]

    assert command == services[name]["command"]
    assert parse(command)[:2] == ("worker", name)


def test_the_web_command_serves_where_its_service_looks() -> None:
    program, subcommand, *options = container("s3mover-web")["command"]
    given = dict(option.removeprefix("--").split("=") for option in options)
    (port,) = container("s3mover-web")["ports"]
    (service,) = named("Service", "s3mover-web")["spec"]["ports"]

    assert (program, subcommand) == ("s3mover", "web")
    assert given["host"] == "0.0.0.0"  # noqa: S104  # of the pod
    assert given["port"] == str(port["containerPort"])
    assert service["targetPort"] == port["name"]
    for probe in ("readinessProbe", "livenessProbe"):
        assert container("s3mover-web")[probe]["httpGet"]["port"] == port["name"]


@pytest.mark.skipif("web" not in main.commands, reason="this release has no `s3mover web`")
def test_the_web_command_parses() -> None:
    _, subcommand, *options = container("s3mover-web")["command"]

    main.commands[subcommand].make_context(subcommand, [*options], resilient_parsing=False)


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_selectors_find_their_pods(name: str) -> None:
    labels = DEPLOYMENTS[name]["spec"]["template"]["metadata"]["labels"]

    assert DEPLOYMENTS[name]["spec"]["selector"]["matchLabels"] == labels
    others = [each for each in DEPLOYMENTS if each != name]
    assert all(DEPLOYMENTS[o]["spec"]["template"]["metadata"]["labels"] != labels for o in others)


def test_the_service_and_the_disruption_budget_mean_the_pods_of_their_names() -> None:
    web = DEPLOYMENTS["s3mover-web"]["spec"]["template"]["metadata"]["labels"]
    worker = DEPLOYMENTS["s3mover-worker"]["spec"]["template"]["metadata"]["labels"]
    (spread,) = pod("s3mover-worker")["topologySpreadConstraints"]

    assert named("Service", "s3mover-web")["spec"]["selector"] == web
    budget = named("PodDisruptionBudget", "s3mover-worker")["spec"]
    assert budget["selector"]["matchLabels"] == worker
    assert spread["labelSelector"]["matchLabels"] == worker


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_pods_are_restricted(name: str) -> None:
    """As the Pod Security Standard `restricted` asks, and read-only besides."""
    assert pod(name)["enableServiceLinks"] is False  # else S3MOVER_WEB_PORT and the like
    assert pod(name)["automountServiceAccountToken"] is False
    assert pod(name)["securityContext"]["runAsNonRoot"] is True
    assert pod(name)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container(name)["resources"]["limits"]


def test_a_stopped_worker_has_as_much_time_as_in_compose(services: dict[str, Object]) -> None:
    grace = pod("s3mover-worker")["terminationGracePeriodSeconds"]

    assert grace == seconds(services["worker"]["stop_grace_period"])


def test_there_is_one_beat() -> None:
    spec = DEPLOYMENTS["s3mover-beat"]["spec"]

    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


@pytest.mark.parametrize(
    ("probe", "file", "minutes"),
    [("readinessProbe", "/tmp/health", 1), ("livenessProbe", "/tmp/health.alive", 2)],  # noqa: S108  # the pod's
)
def test_a_probe_looks_at_the_age_of_its_file(
    tmp_path: Path, probe: str, file: str, minutes: int
) -> None:
    shell, option, script = container("s3mover-worker")[probe]["exec"]["command"]
    assert (shell, option) == ("sh", "-c")
    assert re.findall(r"/tmp/\S+", script) == [file]  # noqa: S108  # the pod's
    ours = tmp_path / "file"
    command = script.replace(file, str(ours))

    assert run(command).returncode != 0
    ours.touch()
    assert run(command).returncode == 0
    old = time.time() - 60 * minutes - 61
    os.utime(ours, times=(old, old))
    assert run(command).returncode != 0


def test_the_files_of_the_probes_are_those_that_the_worker_writes() -> None:
    given = {each["name"]: each["value"] for each in container("s3mover-worker")["env"]}

    assert given["S3MOVER_HEALTH_FILE"] == "/tmp/health"  # noqa: S108  # the pod's
    (mount,) = container("s3mover-worker")["volumeMounts"]
    assert mount["mountPath"] == "/tmp"  # noqa: S108  # the pod's


def test_the_metrics_are_shown_at_the_port_that_is_named() -> None:
    given = {each["name"]: each["value"] for each in container("s3mover-worker")["env"]}
    (port,) = container("s3mover-worker")["ports"]

    assert given["S3MOVER_METRICS_ADDRESS"] == f"0.0.0.0:{port['containerPort']}"
    names = {metric.name for metric in TABLE}
    for trigger in documents("keda.yaml")[0]["spec"]["triggers"]:
        assert set(re.findall(r"s3mover_\w+", trigger["metadata"]["query"])) <= names
