"""An invalidator of the database that Django is connected to."""

from pathlib import Path
from typing import cast

from caching.nginx.cache_files import NginxCache
from caching.nginx.content_listener import ContentListener
from caching.nginx.invalidator import Invalidator
from caching.nginx.refetch import Refetcher
from ops.database import default_database


def listener() -> ContentListener:
    return ContentListener(lambda: default_database().connect(), "release")


def invalidator_of(folder: Path, refresher: object = None, refetcher: object = None) -> Invalidator:
    return Invalidator(
        NginxCache(folder), listener(), cast(Refetcher, refresher), cast(Refetcher, refetcher)
    )
