"""A backup that is killed before it writes a file: python -m ops.tests.dying_backup NAME."""

import os
import signal
import sys
from pathlib import Path

import django
from django.core.management import call_command

from ops.backups.destinations import FolderDestination


def main(part: str) -> None:
    put = FolderDestination.put

    def dying_put(self: FolderDestination, path: Path, name: str) -> None:
        if name.startswith(part) or name.endswith(part):
            os.kill(os.getpid(), signal.SIGKILL)
        put(self, path, name)

    FolderDestination.put = dying_put  # type: ignore[method-assign]
    django.setup()
    call_command("backup")


if __name__ == "__main__":
    main(sys.argv[1])
