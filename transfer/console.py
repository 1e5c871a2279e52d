"""What all import commands do around an import."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from net.client import FetchError
from text.problems import reason_of
from transfer.importers.feed.fetch import Opened, opened
from transfer.importers.report import Output, Report

INTERRUPTED = 130  # as a shell counts it: 128 and the signal's number


@contextmanager
def reporting(out: Output, dry_run: bool) -> Iterator[Report]:
    """A report to fill; the summary follows, and exit code 1 where there were errors.

    Ctrl-C ends with the summary, too: each episode has a transaction of its own.
    """
    report = Report(out, dry_run)
    try:
        yield report
    except OSError as failure:
        raise CommandError(reason_of(failure)) from failure
    except KeyboardInterrupt as stopped:
        out.write(report.summary() + "\n")
        message = "Stopped. Whatever is imported is whole; run it again to go on."
        raise CommandError(message, returncode=INTERRUPTED) from stopped
    out.write(report.summary() + "\n")
    if report.has_errors:
        raise SystemExit(1)


@contextmanager
def opened_feed(source: str) -> Iterator[Opened]:
    """The feed of a path or web address. Raises CommandError where it can't be had."""
    try:
        with opened(source) as feed:
            yield feed
    except FetchError as failure:
        raise CommandError(f"{source}: {failure}") from failure
    except OSError as failure:
        raise CommandError(reason_of(failure)) from failure
