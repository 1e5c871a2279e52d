"""Purge nginx's cached pages after edits."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from caching.nginx.cache_files import NginxCache
from caching.nginx.invalidator import Invalidator, run
from caching.nginx.refetch import Refetcher


class Command(BaseCommand):
    help = (
        "Purge the cached pages of the nginx on this machine as soon as what they show has "
        "changed, and fetch them again. Runs beside each nginx, without end."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="nginx's cache, as in its proxy_cache_path")
        parser.add_argument(
            "--fetch", metavar="URL", help="nginx's refresh port, such as http://127.0.0.1:8081"
        )

    def handle(self, *args: Any, folder: Path, fetch: str | None, **options: Any) -> None:
        if settings.DATABASE_POOLER:
            raise CommandError(
                "It listens to the database, which a pooler passes nothing on from: unset "
                "DATABASE_POOLER, and name the database itself in DATABASE_URL."
            )
        if not folder.is_dir():
            raise CommandError(f"{folder} isn't a folder; nginx makes it when it starts.")
        invalidator = Invalidator(NginxCache(folder))
        if fetch:
            host = urlsplit(settings.SITE_URL).netloc
            invalidator.refresher = Refetcher(fetch, host)
            invalidator.refetcher = Refetcher(fetch, host, behind=invalidator.refresher)
        run(invalidator)
