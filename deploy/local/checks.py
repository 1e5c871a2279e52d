"""`./run check`: all checks other than the tests."""

import os
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from deploy.local.environment import ROOT
from deploy.local.packages import python

PRODUCTION = {
    "SITE_URL": "https://podcast.example",
    "ALLOWED_HOSTS": "podcast.example",
    "SECRET_KEY": "only-to-check-the-production-settings-" * 2,  # pragma: allowlist secret
}

TEMPLATES = ["templates", *(str(path) for path in sorted(ROOT.glob("*/templates")))]

# Title, arguments of the virtual environment's Python, variables. What takes longest begins.
STEPS: list[tuple[str, list[str], dict[str, str]]] = [
    ("types", ["-m", "mypy"], {}),
    ("format", ["-m", "ruff", "format", "--check", "--output-format=concise", "."], {}),
    ("lint", ["-m", "ruff", "check", "--output-format=concise", "."], {}),
    ("templates", ["-m", "djlint", "--lint", "--quiet", *TEMPLATES], {}),
    ("settings", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("secrets", ["-m", "tests.leaks"], {}),
    ("requirements", ["-m", "deploy.local.pins", "compare"], {}),
]


def run_all(env: dict[str, str]) -> int:
    """Run every step, also after one failed, as many at a time as there are cores; 1 if one did."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(run, command, env | more) for _, command, more in STEPS]
        failed = [
            title
            for (title, *_), done in zip(STEPS, runs, strict=True)
            if not report(title, *done.result())
        ]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def run(command: list[str], env: Mapping[str, str]) -> tuple[bool, float, str]:
    """Run one step: whether it passed, its seconds and its output."""
    started = time.monotonic()
    result = subprocess.run(
        [python(), *command], cwd=ROOT, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return result.returncode == 0, time.monotonic() - started, result.stdout


def report(title: str, passed: bool, seconds: float, output: str) -> bool:
    """Print how a step ended, with its output if it failed."""
    print(f"{title:14}{'ok' if passed else 'FAILED':8}{seconds:5.1f} s", flush=True)
    if not passed:
        print(output, flush=True)
    return passed
