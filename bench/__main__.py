"""`./run bench NAME ARGS`: one measurement of this folder, with the site set up."""

import importlib
import os
import sys

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podcast.settings")
os.environ.setdefault("LOG_REQUESTS", "0")
django.setup()
# Requests within this process name 127.0.0.1 and use HTTP, whatever SITE_URL says.
settings.SECURE_SSL_REDIRECT = False
settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "127.0.0.1"]
# Every page measured in this process is rendered anew.
importlib.import_module("caching.page_cache").cached_response = lambda request: None
measurement = importlib.import_module(f"bench.{sys.argv[1]}")
sys.argv = sys.argv[1:]
measurement.main()
