#!/usr/bin/env python
"""Django's command line. `./run manage` calls it with the private installation's environment."""

import os
import sys

from django.core.management import execute_from_command_line

from podcast.startup import PROBLEMS, reason

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
    # What a command asks of the site isn't a visitor's request: the terminal is for what it says.
    os.environ.setdefault("LOG_REQUESTS", "0")
    try:
        execute_from_command_line(sys.argv)
    except PROBLEMS as error:
        sys.exit(reason(error))
