"""`./run bench NAME ARGS`: one measurement of this folder, with the site set up."""

import importlib
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
django.setup()
measurement = importlib.import_module(f"bench.{sys.argv[1]}")
sys.argv = sys.argv[1:]
measurement.main()
