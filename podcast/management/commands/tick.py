"""The periodic jobs. If it never runs, visitors still see nothing wrong.

podcast/tick.py decides each minute whether to run it: every ten minutes, after a run that did
something, after a change of the content, and for what somebody waits for.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.security_log import purge_sign_ins
from caching.http import content_state
from desk.restorable import remove_old_deletions
from desk.submissions.sending import delete_leftovers
from episodes.audio_files import remove_discarded
from episodes.bin import empty_bin
from episodes.pictures import make_some_renditions
from feeds.podcast_guid import store_podcast_guid
from feeds.websub import notify_hub
from linkcheck.check import check_some
from ops.downloads.counting import count_new
from ops.jobs import mark_idle, recorded, see_invalidators
from ops.storage.orphans import sweep
from pages.page_cards import draw_some_cards
from search.answered import remove_answered
from show.clock.reading import jump, read_clock

logger = logging.getLogger(__name__)


def check_clock() -> str:
    """Whatever is removed by its age asks for this reading; says whether it jumped just now."""
    clock = read_clock()
    return jump(clock) if clock.jumped_at == clock.read_at else ""


# Each is cheap when nothing is due, may run concurrently with itself, and returns what it did.
JOBS: tuple[Callable[[], str], ...] = (
    check_clock,
    see_invalidators,
    store_podcast_guid,
    notify_hub,
    empty_bin,
    remove_old_deletions,
    sweep,
    delete_leftovers,
    remove_discarded,
    make_some_renditions,
    check_some,
    purge_sign_ins,
    remove_answered,
    draw_some_cards,
    count_new,  # last, as strangers decide how much there is to count
)


class Command(BaseCommand):
    help = "Run all periodic jobs. Schedule `python -m podcast.tick`, which does when it has to."
    has_worked = False

    def handle(self, *args: Any, **options: Any) -> None:
        # As podcast/tick.py reads it, which doesn't know the settings that pages show.
        etag = replace(content_state(timezone.now()), settings="").etag
        mark_idle("")  # so that one that is killed doesn't count as done
        with recorded("tick"):
            failed = [job.__name__ for job in JOBS if not self.succeeds(job)]
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")
        if not self.has_worked:
            mark_idle(etag)

    def succeeds(self, job: Callable[[], str]) -> bool:
        """Run a job; a failure doesn't stop the others."""
        try:
            done = job()
        except Exception:
            logger.exception("Periodic job failed: %s", job.__name__)
            return False
        if done:
            self.has_worked = True  # and there may be more of it
            self.stdout.write(done)
        return True
