"""Programs run as in production: configured by the environment, in processes of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.nginx_harness import Deployment, site_environment

ROOT = Path(__file__).resolve().parent.parent

REQUIRED = {
    "SECRET_KEY": "zX9-long-and-random-" * 3,
    "DATABASE_URL": "postgres://podcast:secret@127.0.0.1:1/podcast",
    "ALLOWED_HOSTS": "podcast.example.org",
    "SITE_URL": "https://podcast.example.org",
}
# What any program needs to run, apart from the site's variables.
MACHINE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def python(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with production's environment; None removes a variable."""
    given = REQUIRED | {"DJANGO_SETTINGS_MODULE": "podcast.settings"} | environment
    env = MACHINE | {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def database_url() -> str:
    """The tests' database, for a program in another process."""
    settings = connection.settings_dict
    user = f"{quote(settings['USER'])}:{quote(settings['PASSWORD'])}"
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}@{quote(settings['HOST'], safe='')}{port}/{settings['NAME']}"


def behind_nginx(database_url: str, static: str, folder: Path) -> dict[str, str]:
    """The environment of a site behind an nginx on this machine."""
    own = site_environment(database_url, static, folder / "media")
    return REQUIRED | own | {"ALLOWED_HOSTS": ".example.org,127.0.0.1"}


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until it is so, on a slow machine up to a minute.

    While a file isn't there, such as a log that is being rotated, it is not so yet.
    """
    until = time.monotonic() + 60
    while True:
        with suppress(FileNotFoundError):
            if is_so():
                return
        assert time.monotonic() < until, "not within the time"
        time.sleep(0.01)


def listens(deployment: Deployment) -> bool:
    """Whether its invalidator has purged what was cached before, and waits for commits."""
    return "Listening" in (deployment.folder / "invalidator.log").read_text()
