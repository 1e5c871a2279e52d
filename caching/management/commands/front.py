"""The former name of `invalidate_nginx`. Goes with version 2.0."""

import logging
from typing import Any

from caching.management.commands import invalidate_nginx

logger = logging.getLogger(__name__)


class Command(invalidate_nginx.Command):
    help = "The former name of invalidate_nginx, until version 2.0."

    def handle(self, *args: Any, **options: Any) -> None:
        logger.warning("`front` is now `invalidate_nginx`; the former name goes with version 2.0.")
        super().handle(*args, **options)
