from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import CommandError

from show.models import Show
from text.urls import bare_host
from transfer.console import TransferCommand
from transfer.old_addresses import check, read_addresses
from transfer.site_client import SiteClient


class Command(TransferCommand):
    help = (
        "Request every URL of an old site from this one: those in its sitemap, its feed, an access "
        "log or a list. Exit 1 unless each answers 200, 410, or one redirect to 200. No server "
        "needs to run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FILE_OR_URL")

    def handle(self, *, source: str, **options: object) -> None:
        hosts = {bare_host(settings.SITE_URL), bare_host(Show.objects.current().website)} - {""}
        paths, problems = read_addresses(source, frozenset(hosts))
        for problem in problems:
            self.stdout.write(str(problem))
        if not paths:
            raise CommandError(f"{source}: no address on {' or '.join(sorted(hosts))} in it.")
        result = check(paths, SiteClient())
        for path, reason, times in result.failures:
            self.stdout.write(f"{path}: {reason}{f' ({times:,} times)' if times > 1 else ''}")
        self.stdout.write(
            f"{len(paths):,} addresses: {result.found:,} answer, {result.redirected:,} redirect "
            f"once, {result.gone:,} are gone for good, {len(result.failures):,} fail"
        )
        if result.failures:
            raise SystemExit(1)
