"""GitHub's workflows: least privilege, actions pinned by hash, their logic in `make` targets that run anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from site_builder.external import read_allowances

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
NAMES = ["gpu.yml", "publish.yml", "test.yml", "weekly.yml"]
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
#: What a step may run besides `make TARGET`, word for word.
OTHER_COMMANDS = {
    'echo "::notice title=no GPU::The repository variable GPU_RUNNER names no runner; nothing was checked on CUDA."',
    'make --silent colab-python >> "$GITHUB_OUTPUT"',
}
WRITES = {"pages", "id-token", "issues"}
PINNED = re.compile(r"^\s*(?:- )?uses: [\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
#: Expressions whose value a stranger chooses, and which therefore stand in no command.
EXPRESSION = re.compile(r"\$\{\{")


def workflow(text: str) -> dict[str, Any]:
    return yaml.safe_load(text)


def steps(flow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (step for job in flow["jobs"].values() for step in job["steps"])


def triggers(flow: dict[Any, Any]) -> set[str]:
    return set(flow[True])  # YAML 1.1 reads `on` as true


def complaints(text: str) -> list[str]:
    """Return which of our rules a workflow breaks."""
    flow, found = workflow(text), []
    found += [f"not pinned: {line.strip()}" for line in text.splitlines() if "uses:" in line and not PINNED.match(line)]
    found += ["the top-level permissions are not {}"] * (flow.get("permissions") != {})
    found += ["no concurrency"] * ("group" not in flow.get("concurrency", {}))
    found += ["runs code of pull requests with our rights"] * ("pull_request_target" in triggers(flow))
    for name, job in flow["jobs"].items():
        found += [f"{name}: no permissions"] * ("permissions" not in job)
        found += [f"{name}: no timeout"] * (not 0 < job.get("timeout-minutes", 0) <= 60)
        allowed = {scope for scope, access in job.get("permissions", {}).items() if access == "write"}
        found += [f"{name}: may write {scope}" for scope in allowed - WRITES]
    for step in steps(flow):
        found += step_complaints(step)
    return found


def step_complaints(step: dict[str, Any]) -> list[str]:
    command = step.get("run", "")
    target = re.fullmatch(r"make ([a-z-]+)", command)
    found = []
    if command and command not in OTHER_COMMANDS and not (target and target[1] in TARGETS):
        found.append(f"runs what is no make target: {command}")
    if EXPRESSION.search(command):
        found.append(f"an expression in a command: {command}")
    if "actions/checkout@" in step.get("uses", "") and step.get("with", {}).get("persist-credentials") is not False:
        found.append("a checkout leaves its token behind")
    return found


@pytest.fixture(params=NAMES)
def text(request: pytest.FixtureRequest) -> str:
    return (FOLDER / request.param).read_text("utf-8")


def test_the_workflows_are_those_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert sorted(path.name for path in FOLDER.iterdir()) == NAMES
    assert [name for name in NAMES if f"`{name}`" not in readme] == []


def test_a_workflow_keeps_the_rules(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "v7", "not pinned"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@3d3c42e # v7.0.1", "not pinned"),
        (" # v7.0.1", "", "not pinned"),
        ("permissions: {}", "permissions: read-all", "top-level permissions"),
        ("    permissions:\n      contents: read\n", "", "no permissions"),
        ("contents: read", "contents: write", "may write contents"),
        ("    timeout-minutes: 60\n", "", "no timeout"),
        ("concurrency:\n", "x:\n", "no concurrency"),
        ("  pull_request:\n", "  pull_request_target:\n", "with our rights"),
        ("make test-unit", "make test-units", "no make target"),
        ("make test-unit", "pip install pytest", "no make target"),
        ("make test-unit", "echo ${{ github.head_ref }}", "an expression"),
        ("persist-credentials: false", "persist-credentials: true", "leaves its token"),
    ],
)
def test_a_broken_rule_is_noticed(old: str, new: str, complaint: str) -> None:
    text = (FOLDER / "test.yml").read_text("utf-8")
    assert old in text
    assert any(complaint in found for found in complaints(text.replace(old, new)))


def test_the_same_version_of_an_action_has_one_hash() -> None:
    uses = re.findall(r"uses: (\S+)@(\w{40}) # (\S+)", "".join(path.read_text("utf-8") for path in FOLDER.iterdir()))
    assert len({name for name, _, _ in uses}) == len(set(uses)) > 5


def test_three_systems_and_four_pythons_are_tested_and_weekly_the_newest_versions() -> None:
    flow = workflow((FOLDER / "test.yml").read_text("utf-8"))
    jobs = flow["jobs"]
    linux = {*jobs["lessons"]["strategy"]["matrix"]["python"], "3.11"}
    elsewhere = jobs["elsewhere"]["strategy"]["matrix"]
    assert linux == set(elsewhere["python"]) == {"3.11", "3.12", "3.13", "3.14"}
    assert elsewhere["system"] == ["macos-latest", "windows-latest"]
    assert jobs["newest"]["env"] == {"CONSTRAINTS": ""}
    assert "schedule" in triggers(flow)


def test_the_gpu_is_asked_for_only_where_the_repository_has_one() -> None:
    flow = workflow((FOLDER / "gpu.yml").read_text("utf-8"))
    jobs = flow["jobs"]
    assert (jobs["gpu"]["if"], jobs["none"]["if"]) == ("vars.GPU_RUNNER != ''", "vars.GPU_RUNNER == ''")
    assert "self-hosted" in jobs["gpu"]["runs-on"]
    assert jobs["gpu"]["env"]["REQUIRE_GPU"] == "1", "a runner without CUDA must fail, not skip"
    assert triggers(flow) == {"schedule", "workflow_dispatch"}, "no stranger's code on a machine of ours"


def test_what_is_published_was_compared_before() -> None:
    jobs = workflow((FOLDER / "publish.yml").read_text("utf-8"))["jobs"]
    commands = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert commands == ["make test-lessons", "make parity", "make pdf", "make check"]
    assert jobs["deploy"]["needs"] == "build"


def test_an_issue_is_opened_when_a_weekly_job_fails() -> None:
    jobs = workflow((FOLDER / "weekly.yml").read_text("utf-8"))["jobs"]
    report = jobs.pop("report")
    assert set(report["needs"]) == set(jobs)
    assert report["if"] == "failure()"
    assert [name for name, job in jobs.items() if job["permissions"] != {"contents": "read"}] == []


def test_lint_checks_the_workflows() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nlint:")[1].split("\n\n")[0]
    assert "$(BIN)/actionlint .github/workflows/*.yml" in recipe
    assert "$(BIN)/zizmor --offline" in recipe


def test_each_link_that_is_not_asked_for_a_page_says_why() -> None:
    assert all(allowance.reason for allowance in read_allowances(ROOT / ".github" / "links.yml"))
