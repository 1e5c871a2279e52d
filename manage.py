#!/usr/bin/env python
"""Django's command line. `./run manage` calls it with the private installation's environment."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from podcast.refused_settings import report_refusal
from podcast.startup import PROBLEMS, reason

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
    # What a command asks of the site isn't a visitor's request: the terminal is for what it says.
    os.environ.setdefault("LOG_REQUESTS", "0")
    try:
        execute_from_command_line(sys.argv)
    except PROBLEMS as error:
        said = reason(error)
        if sys.argv[1:2] == ["report_failure"] and len(sys.argv) > 2 and not settings.configured:
            sys.stderr.write(f"{said}\n")
            why = report_refusal(sys.argv[2], said)
            sys.exit(f"Nobody is mailed: {why}." if why else 0)
        sys.exit(said)
