"""A checkout of the old Jekyll site into the catalogue: settings, tags, posts, pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import transaction

from notes.merge import JEKYLL
from show.models import Show
from text.problems import error, has_errors, warning
from transfer.export.tables import FORMAT_KEY
from transfer.importers.archive.importer import import_export
from transfer.importers.checkout import is_file, markdown_files
from transfer.importers.episode import import_episode
from transfer.importers.jekyll.front_matter import JekyllFile, UnreadableFile, read_file
from transfer.importers.jekyll.guests import GuestDetails
from transfer.importers.jekyll.images import Pictures
from transfer.importers.jekyll.pages import import_page, is_page
from transfer.importers.jekyll.posts import Post, read_post
from transfer.importers.jekyll.settings import (
    CONFIG,
    SiteConfig,
    check_config,
    import_settings,
    read_config,
)
from transfer.importers.jekyll.tags import import_tag
from transfer.importers.report import Report


def import_jekyll(root: Path, report: Report) -> None:
    """Import a checkout. Raises FileNotFoundError where `root` holds no `_config.yml`."""
    try:
        config = read_config(root)
    except UnreadableFile as failure:
        report.problem(failure.problem)
        return
    if FORMAT_KEY in config.values:
        import_export(root, report)
        return
    problems = check_config(config)
    for problem in problems:
        report.problem(problem)
    if has_errors(problems):
        return
    with transaction.atomic():
        import_settings(config, report)
        transaction.set_rollback(report.dry_run)
    pictures = Pictures(root, report.dry_run)
    for file in _files(root, "tags", report):
        import_tag(file, report)
    _import_posts(root, config, pictures, report)
    for path in sorted(root.iterdir()):
        if is_page(path.name) and is_file(path, root):
            for file in _readable([path], root, report):
                import_page(file, config, pictures, report)


def _files(root: Path, folder: str, report: Report) -> Iterator[JekyllFile]:
    yield from _readable(markdown_files(root, folder, report), root, report)


def _readable(paths: Iterable[Path], root: Path, report: Report) -> Iterator[JekyllFile]:
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            yield read_file(path, name)
        except UnreadableFile as failure:
            report.problem(failure.problem)
            report.outcome(name, "failed")
        except OSError as failure:
            report.problem(error(f"Can't be read: {failure.strerror}.", file=name))
            report.outcome(name, "failed")


def _import_posts(root: Path, config: SiteConfig, pictures: Pictures, report: Report) -> None:
    zone = Show.objects.current().zone
    guests = GuestDetails(pictures)
    numbers: dict[tuple[str | None, int | None], str] = {}
    for file in _files(root, "_posts", report):
        post = read_post(file, config, zone, pictures)
        problems = post.problems if isinstance(post, Post) else post
        for problem in problems:
            report.problem(problem)
        if not isinstance(post, Post) or has_errors(problems):
            report.outcome(file.name, "failed")
            continue
        number = (post.facts.kind, post.facts.number)
        if post.facts.number is not None and numbers.setdefault(number, file.name) != file.name:
            _refuse_number(file, post.facts.number, numbers[number], report)
            continue
        _import_post(file, post, guests, report)
    if guests.missing:
        message = f"{guests.missing} guests' pictures aren't in the checkout; their names are kept."
        report.problem(warning(message, field="guest_avatar", file=CONFIG))


def _refuse_number(file: JekyllFile, number: int, other: str, report: Report) -> None:
    """Two posts of one number: the second would overwrite the first."""
    message = f"Has the number of {other}."
    report.problem(error(message, field="number", value=str(number), file=file.name))
    report.outcome(file.name, "failed")


def _import_post(file: JekyllFile, post: Post, guests: GuestDetails, report: Report) -> None:
    with transaction.atomic():
        episode = import_episode(
            post.draft, post.facts, JEKYLL, report, text=file.source, file=file.name
        )
        if episode is None or report.dry_run:
            return
        for facts in post.guests:
            for column, value, kept in guests.add(facts):
                message = f"Elsewhere {facts.name}'s is “{kept}”, which is kept."
                line = file.line_of(value.removesuffix(".jpg"))
                report.problem(warning(message, line, field=column, value=value, file=file.name))
