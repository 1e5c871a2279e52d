"""Imports a checkout of the old Jekyll site: the feed's channel, settings, tags, posts, pages."""

from pathlib import Path

from django.db import transaction

from notes.models import ImportSource
from show.models import Show
from text.problems import error, has_errors
from transfer.importers.checkout import markdown_files, read_each
from transfer.importers.episode import import_episode
from transfer.importers.gone import warn_of_gone
from transfer.importers.jekyll import settings
from transfer.importers.jekyll.feed_template import import_feed_template
from transfer.importers.jekyll.front_matter import read_file
from transfer.importers.jekyll.guests import GuestDetails
from transfer.importers.jekyll.images import Images
from transfer.importers.jekyll.links import LinkImport
from transfer.importers.jekyll.pages import import_pages
from transfer.importers.jekyll.posts import Post, read_post, slug_of
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.jekyll.site_links import JekyllLink
from transfer.importers.jekyll.tags import import_tags
from transfer.importers.report import InvalidInput, Report, outcome_of

# What a withdrawn post doesn't say: its body is the notice.
BODY = ("introduction", "topics", "references", "libraries")


def import_jekyll(root: Path, report: Report) -> None:
    """Import a checkout, within the report's transaction.

    Raises OSError where `root` has no `_config.yml`.
    """
    try:
        config = settings.read_config(root)
    except InvalidInput as invalid:
        report.within(settings.CONFIG).problem(invalid.problem)
        return
    images = Images(root, report.dry_run)
    import_feed_template(root, config, images, report)
    untaken = _import_settings(root, config, report.within(settings.CONFIG))
    import_tags(root, report)
    _import_posts(root, config, images, report)
    import_pages(root, config, images, report)
    if untaken:
        report.note("Not taken from the site’s links:")
    for link in untaken:
        report.note(f"  {link}")


def _import_settings(root: Path, config: SiteConfig, report: Report) -> list[JekyllLink]:
    """Import what the configuration says; the links that became nothing."""
    with transaction.atomic():
        changed = settings.import_settings(config, report)
        links = LinkImport(config, report)
        links.run(root)
    report.outcome("Settings", outcome_of(False, changed or links.changed))
    return links.untaken


def _import_posts(root: Path, config: SiteConfig, images: Images, report: Report) -> None:
    zone = Show.objects.current().zone
    guests = GuestDetails(images)
    first_files: dict[tuple[str | None, int | None], str] = {}  # by kind and number

    def read(path: Path, name: str) -> Post:
        return read_post(read_file(path, name), config, zone, images)

    files = list(markdown_files(root, "_posts", report))
    for post in read_each(files, read, report):
        name, number = post.file.name, post.facts.number
        within = report.within(name)
        if has_errors(post.problems):
            within.refuse(name, *post.problems)
            continue
        within.problems(post.problems)
        first = first_files.setdefault((post.facts.kind, number), name)
        if number is None or first == name:
            _import_post(post, guests, within)
        else:  # it would overwrite the first
            message = f"Has the number of {first}."
            within.refuse(name, error(message, field="number", value=str(number)))
    slugs = {slug_of(path) for path, _ in files}
    warn_of_gone(ImportSource.JEKYLL, "slug", slugs, report.within("_posts"))
    if guests.missing_avatars:
        stored = "their names are stored"
        message = f"{guests.missing_avatars} guests' photos aren't in the checkout; {stored}."
        report.within(settings.CONFIG).warn(message, field="guest_avatar")


def _import_post(post: Post, guests: GuestDetails, report: Report) -> None:
    with transaction.atomic():
        text = post.file.source
        unread = BODY if post.facts.notice is not None else ()
        source = ImportSource.JEKYLL
        episode = import_episode(post.draft, post.facts, source, report, text=text, unread=unread)
        if episode is None:
            return
        for facts in post.guests:
            for column, value, stored in guests.add(facts, post.file.name, report):
                message = f"Elsewhere {facts.name}'s is “{stored}”, which stays."
                line = post.file.line_of(value.removesuffix(".jpg"))
                report.warn(message, line, field=column, value=value)
