"""A backup that is killed with a program that it runs: python -m ops.tests.dying_backup PROGRAM."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import django
from django.core.management import call_command


def main(part: str) -> None:
    run = subprocess.run

    def dying_run(command: list[str], **options: Any) -> Any:
        words = map(str, command)
        if part not in {word.rpartition("/")[2] for word in words} or "--version" in command:
            return run(command, **options)
        child = subprocess.Popen(
            command, cwd=options["cwd"], env=options["env"], stdout=subprocess.DEVNULL
        )
        time.sleep(0.2)  # it has begun
        child.kill()
        os.kill(os.getpid(), signal.SIGKILL)

    subprocess.run = dying_run  # type: ignore[assignment]
    django.setup()
    call_command("backup")


if __name__ == "__main__":
    main(sys.argv[1])
