"""What runs beside the site: periodic jobs, and the invalidator of nginx's cache."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.timesince import timesince

from caching.http import content_state
from caching.nginx.presence import MISSED, STARTING, announced
from ops.doctor.diagnosis import Diagnosis
from ops.models import JobRun

LATE_TICK = timedelta(minutes=10)
LAG = timedelta(seconds=10)


def tick() -> Iterator[Diagnosis]:
    run = JobRun.objects.filter(name="tick").first()
    start = "systemctl enable --now podcast-tick.timer, or docker compose up --detach tick"
    if run is None and settings.PRIVATE:
        yield Diagnosis("Tick", "never, as `./run serve` runs none: ./run manage tick")
    elif run is None:
        remedy = f"just installed: wait a minute; else {start}"
        yield Diagnosis("Tick", "has never run", remedy)
    elif timezone.now() - run.ended_at > LATE_TICK and not settings.PRIVATE:
        yield Diagnosis("Tick", f"last ran {timesince(run.ended_at)} ago", start)
    elif run.problem:
        text = f"failed {timesince(run.ended_at)} ago: {run.problem}"
        yield Diagnosis("Tick", text, "journalctl -u podcast-tick, or docker compose logs tick")
    else:
        yield Diagnosis("Tick", f"ran {timesince(run.ended_at)} ago")


def invalidator() -> Iterator[Diagnosis]:
    """Whether edits reach nginx's cache; nothing where there never was an invalidator."""
    with connection.cursor() as cursor:
        states = [state for state in announced(cursor) if state != STARTING]
        cursor.execute("SELECT pg_is_in_recovery()")
        (is_replica,) = cursor.fetchone()  # which doesn't see who is connected to the primary
    restart = "systemctl restart podcast-invalidator, or docker compose restart invalidator"
    if not states:
        recent = JobRun.objects.filter(succeeded_at__gt=timezone.now() - MISSED)
        if not is_replica and recent.filter(name="invalidator").exists():
            text = "none runs: nginx goes on serving pages from before an edit"
            yield Diagnosis("Invalidator", text, f"{restart}; its log says why it ended")
        return
    if problem := next((state for state in states if not state.isdecimal()), ""):
        remedy = "deploy/systemd/install mends the cache folder; journalctl -u podcast-invalidator"
        yield Diagnosis("Invalidator", problem, remedy)
        return
    now = timezone.now()
    content = content_state(now)
    behind = content.version - min(map(int, states))
    if behind > 0 and content.changed_at and now - content.changed_at > LAG:
        text = f"{behind} edits behind, for at least {timesince(content.changed_at)}"
        yield Diagnosis("Invalidator", text, restart)
    else:
        yield Diagnosis("Invalidator", f"{len(states)} connected, and up to date")


def pings() -> Iterator[Diagnosis]:
    """Those that failed. A dead man's switch that never got one raises no alarm."""
    for run in JobRun.objects.exclude(ping_problem="").order_by("name"):
        text = f"PING_URL didn't answer after {run.name}: {run.ping_problem}"
        yield Diagnosis("Ping", text, "correct PING_URL; the job's next success pings again")
