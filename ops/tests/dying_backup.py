"""A backup killed when it would put such a file: python -m ops.tests.dying_backup BEGINS."""

import os
import signal
import sys
from pathlib import Path

import django
from django.core.management import call_command

from ops.backups.destinations import Folder


def main(begins: str) -> None:
    put = Folder.put

    def dying_put(self: Folder, path: Path, name: str) -> None:
        if name.startswith(begins) or name.endswith(begins):
            os.kill(os.getpid(), signal.SIGKILL)
        put(self, path, name)

    Folder.put = dying_put  # type: ignore[method-assign]
    django.setup()
    call_command("backup")


if __name__ == "__main__":
    main(sys.argv[1])
