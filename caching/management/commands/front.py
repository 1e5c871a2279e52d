"""The former name of `invalidate_nginx`, until version 2.0."""

import logging
from typing import Any

from caching.management.commands import invalidate_nginx


class Command(invalidate_nginx.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger(__name__).warning(
            "`front` is now `invalidate_nginx`; the former name works until version 2.0."
        )
        super().handle(*args, **options)
