"""All periodic work. Nothing a visitor sees is wrong if it never runs."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from episodes.audio_files import remove_discarded
from episodes.bin import empty_bin
from feeds.websub import notify_hub
from linkcheck.schedule import check_some
from ops.downloads.counting import count_new

logger = logging.getLogger(__name__)

# Each is cheap when there is nothing to do, can run beside itself, and says what it did.
JOBS: tuple[Callable[[], str], ...] = (
    notify_hub,
    empty_bin,
    remove_discarded,
    check_some,
    count_new,
)


class Command(BaseCommand):
    help = "Does all periodic work that is due. Run it every minute: * * * * * ./run manage tick"

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [job.__name__ for job in JOBS if not self.is_done(job)]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")

    def is_done(self, job: Callable[[], str]) -> bool:
        """Whether the job ended well. One that doesn't keeps no other from its turn."""
        try:
            done = job()
        except Exception:
            logger.exception("Periodic work failed: %s", job.__name__)
            return False
        if done:
            self.stdout.write(done)
        return True
