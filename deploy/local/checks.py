"""`./run check`: everything that can be judged without running the tests."""

import subprocess
import time
from collections.abc import Mapping

from deploy.local.environment import ROOT
from deploy.local.packages import python

PRODUCTION = {
    "SITE_URL": "https://podcast.example",
    "ALLOWED_HOSTS": "podcast.example",
    "SECRET_KEY": "only-to-check-the-production-settings-" * 2,  # pragma: allowlist secret
}

TEMPLATES = ["templates", *(str(path) for path in sorted(ROOT.glob("*/templates")))]

# Title, arguments of the virtual environment's Python, variables.
STEPS: list[tuple[str, list[str], dict[str, str]]] = [
    ("format", ["-m", "ruff", "format", "--check", "--output-format=concise", "."], {}),
    ("lint", ["-m", "ruff", "check", "--output-format=concise", "."], {}),
    ("templates", ["-m", "djlint", "--lint", "--quiet", *TEMPLATES], {}),
    ("types", ["-m", "mypy"], {}),
    ("settings", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("secrets", ["-m", "deploy.local.leaks"], {}),
    ("requirements", ["-m", "deploy.local.pins", "compare"], {}),
]


def run_all(env: dict[str, str]) -> int:
    """Run every step, also after one failed; 1 if one did."""
    failed = [title for title, command, more in STEPS if not passes(title, command, env | more)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def passes(title: str, command: list[str], env: Mapping[str, str]) -> bool:
    """Run one step; its output is shown when it fails."""
    started = time.monotonic()
    result = subprocess.run(
        [python(), *command],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    verdict = "FAILED" if result.returncode else "ok"
    print(f"{title:14}{verdict:8}{time.monotonic() - started:5.1f} s", flush=True)
    if result.returncode:
        print(result.stdout, flush=True)
    return result.returncode == 0
