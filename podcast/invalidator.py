"""Purges nginx's cached pages after edits: python -m podcast.invalidator FOLDER [--fetch URL]

Runs beside each nginx, without end. It needs DATABASE_URL, whose role may be one that reads little
(ops.database_roles), and SITE_URL. It has none of the site's secrets and loads no Django, which
would take four times the memory.
"""

import argparse
import logging.config
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from caching.nginx.cache_files import NginxCache
from caching.nginx.content_listener import ContentListener
from caching.nginx.invalidator import Invalidator, run
from caching.nginx.refetch import Refetcher, wait_for_site
from podcast.database import connect, parameters
from podcast.logs import logging_settings, masked
from podcast.version import RELEASE

NO = ("", "0", "f", "false", "n", "no", "off")  # as the site's settings read it


def main() -> None:
    arguments = argparse.ArgumentParser(
        "python -m podcast.invalidator",
        description="Purge the cached pages of the nginx on this machine as soon as what they show "
        "has changed, and fetch them again. Runs beside each nginx, without end.",
    )
    arguments.add_argument("folder", type=Path, help="nginx's cache, as in its proxy_cache_path")
    arguments.add_argument(
        "--fetch", metavar="URL", help="nginx's refresh port, such as http://127.0.0.1:8081"
    )
    given = arguments.parse_args()
    if missing := [name for name in ("DATABASE_URL", "SITE_URL") if not os.environ.get(name)]:
        sys.exit(f"Missing from the environment: {', '.join(missing)}. .env.example explains each.")
    try:
        parameters(os.environ["DATABASE_URL"])
    except ValueError as error:
        sys.exit(f"DATABASE_URL: {error}")
    if os.environ.get("DATABASE_POOLER", "").lower() not in NO:
        sys.exit(
            "It listens to the database, which a pooler passes nothing on from: unset "
            "DATABASE_POOLER, and name the database itself in DATABASE_URL."
        )
    if not given.folder.is_dir():
        sys.exit(f"{given.folder} isn't a folder; nginx makes it when it starts.")
    level = os.environ.get("LOG_LEVEL") or "INFO"
    logging.config.dictConfig(logging_settings("json", level, requests=False))
    content = ContentListener(connect, RELEASE)
    invalidator = Invalidator(NginxCache(given.folder), content)
    if given.fetch:
        host = urlsplit(os.environ["SITE_URL"]).netloc
        # The start purges all pages: nginx needs them as long as the site can't render others.
        wait_for_site(given.fetch, host)
        invalidator.refresher = Refetcher(given.fetch, host)
        invalidator.refetcher = Refetcher(given.fetch, host, behind=invalidator.refresher)
    run(invalidator)


def anonymised(event: Any, hint: dict[str, Any]) -> Any:
    return masked(event)


if __name__ == "__main__":
    if os.environ.get("SENTRY_DSN"):
        import sentry_sdk  # costs memory

        sentry_sdk.init(
            release=RELEASE,
            auto_enabling_integrations=False,  # it would load Django
            send_default_pii=False,
            include_local_variables=False,
            max_breadcrumbs=0,
            before_send=anonymised,
        )
    main()
