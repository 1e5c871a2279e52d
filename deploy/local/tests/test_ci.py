"""`.ci/run` leaves no test out, and says which step failed."""

import re
import subprocess
from itertools import combinations

import pytest
from _pytest.mark.expression import Expression

from deploy.local.environment import ROOT

MARKS = ("browser", "production", "clients", "slow")
STEP = re.compile(r"""^step '([^']+)' \./run test .*-m ['"](.+)['"]$""", re.MULTILINE)


def selections() -> dict[str, str]:
    """The marks that each step of the default lane selects, by its title."""
    text = (ROOT / ".ci/run").read_text()
    default, _, _ = text.partition("\nif ")
    variables = dict(re.findall(r"^(\w+)='(.*)'$", text, re.MULTILINE))
    for name, value in variables.items():
        default = default.replace(f"${name}", value)
    return dict(STEP.findall(default))


@pytest.mark.parametrize(
    "marks", [marks for size in range(len(MARKS) + 1) for marks in combinations(MARKS, size)]
)
def test_each_test_is_in_a_step_of_the_default_lane(marks: tuple[str, ...]) -> None:
    def is_marked(name: str, /, **_: str | int | bool | None) -> bool:
        return name in marks

    assert any(
        Expression.compile(selection).evaluate(is_marked) for selection in selections().values()
    )


def bash(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -uo pipefail; source .ci/functions; {script}"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip


def test_a_failed_step_is_named_and_the_next_ones_run() -> None:
    done = bash("step first false; step second echo hello; step third false; finish")
    assert done.returncode == 1
    assert "hello" in done.stdout
    assert "===== FAILED: first,third" in done.stdout


def test_all_steps_passed() -> None:
    done = bash("step first true; finish")
    assert done.returncode == 0
    assert "===== All passed" in done.stdout
