"""The former way to start podcast/invalidator.py, until version 2.0."""

import logging
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Becomes `python -m podcast.invalidator`, which takes a fifth of the memory."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="nginx's cache, as in its proxy_cache_path")
        parser.add_argument("--fetch", metavar="URL", help="nginx's refresh port")

    def handle(self, *args: Any, folder: str, fetch: str | None, **options: Any) -> None:
        logger.warning("Start `python -m podcast.invalidator` instead; this works until 2.0.")
        command = [sys.executable, "-m", "podcast.invalidator", folder]
        os.execv(sys.executable, [*command, *(["--fetch", fetch] if fetch else [])])  # noqa: S606
