"""What the hosted CI may do; .ci/run itself has no tests of where it runs."""

import re
from typing import Any

import pytest
import yaml

from tests.production import ROOT

TEXT = (ROOT / ".github/workflows/ci.yml").read_text()
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


def test_it_runs_what_has_to_pass_and_builds_the_images() -> None:
    commands = {name: [step.get("run", "") for step in job["steps"]] for name, job in JOBS.items()}
    assert commands["checks"][-1] == ".ci/run"
    assert commands["images"] == ["", "deploy/images/build podcast --load"]
    assert set(JOBS["publish"]["needs"]) == {"checks", "images"}
    for command in re.findall(r"(?<=run: )\S+|(?<=^ {10})deploy/\S+", TEXT, re.MULTILINE):
        if "/" in command:
            assert (ROOT / command).is_file(), command


def test_only_a_tag_publishes_and_only_that_job_may_write() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    may_write = {name: job for name, job in JOBS.items() if "permissions" in job}
    assert list(may_write) == ["publish"]
    assert JOBS["publish"]["permissions"] == {"contents": "read", "packages": "write"}
    assert JOBS["publish"]["if"] == "github.ref_type == 'tag'"
    assert "secrets." not in TEXT
    assert "pull_request_target" not in TEXT


@pytest.mark.parametrize("name", JOBS)
def test_each_job_ends_and_uses_actions_by_commit(name: str) -> None:
    assert JOBS[name]["timeout-minutes"] <= 120
    for step in JOBS[name]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
            assert step["with"]["persist-credentials"] is False


def test_a_versions_tag_is_one_that_a_release_makes() -> None:
    (pattern,) = WORKFLOW[True]["push"]["tags"]  # YAML 1.1 reads `on` as true
    assert re.fullmatch(pattern, "1.10.0")
    assert not re.fullmatch(pattern, "v1.10.0")
