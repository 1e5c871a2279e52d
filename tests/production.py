"""Programs run as production would run them: by an environment, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

REQUIRED = {
    "SECRET_KEY": "zX9-long-and-random-" * 3,
    "DATABASE_URL": "postgres://podcast:secret@127.0.0.1:1/podcast",
    "ALLOWED_HOSTS": "podcast.example.org",
    "SITE_URL": "https://podcast.example.org",
}
# What a program needs to run at all, whatever the site is told.
MACHINE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def python(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with production's environment; None takes a variable away."""
    given = REQUIRED | {"DJANGO_SETTINGS_MODULE": "podcast.settings"} | environment
    env = MACHINE | {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
