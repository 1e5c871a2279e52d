"""gunicorn reads this by itself when it starts here; the command line overrules it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

# Longer than a proxy before it keeps connections open (nginx: 60 s): whoever closes first must be
# the proxy, or a request is now and then sent into a connection that closes at that moment.
keepalive = 75

FOLDER = "podcast-metrics-"


def on_starting(server: Any) -> None:
    """Where the workers count together, for /metrics; only if somebody may ask for that.

    Beside their other files (--worker-tmp-dir): containers share /tmp, where they upload, and all
    of them call their gunicorn by the same number.
    """
    if not os.environ.get("METRICS_TOKEN"):
        return
    place = Path(server.cfg.worker_tmp_dir or tempfile.gettempdir())
    for left in place.glob(f"{FOLDER}*"):
        if not is_running(int(left.name.removeprefix(FOLDER))):
            shutil.rmtree(left, ignore_errors=True)
    folder = place / f"{FOLDER}{os.getpid()}"
    folder.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def on_exit(server: Any) -> None:
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)


def is_running(process: int) -> bool:
    """Whether a gunicorn that left its folder lives; ours can't have, as it only begins."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
