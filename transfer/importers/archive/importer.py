"""A whole export into the catalogue: media, tables, posts, pages."""

from pathlib import Path

from django.db import transaction

from text.problems import error
from transfer.export.posts import BIN, DRAFTS, POSTS
from transfer.export.tables import AFTER_POSTS, BEFORE_POSTS, CONFIG, FORMAT, FORMAT_KEY
from transfer.importers.archive.media import restore_media
from transfer.importers.archive.posts import Posts
from transfer.importers.archive.records import Record, read_mapping, read_markdown
from transfer.importers.archive.rows import Files
from transfer.importers.archive.tables import import_show, import_table, refuse_file
from transfer.importers.checkout import markdown_files
from transfer.importers.jekyll.front_matter import UnreadableFile
from transfer.importers.report import Report


def import_export(root: Path, report: Report) -> None:
    """Import what `export_catalogue` wrote. Rows that the export doesn't name stay as they are."""
    try:
        config = read_mapping(root / CONFIG, CONFIG)
    except UnreadableFile as failure:
        refuse_file(CONFIG, failure, report)
        return
    if config.values.get(FORMAT_KEY) != FORMAT:
        message = f"Another version's export; this one reads {FORMAT_KEY}: {FORMAT}."
        value = str(config.values.get(FORMAT_KEY))[:80]
        report.problem(error(message, field=FORMAT_KEY, value=value, file=CONFIG))
        return
    files = restore_media(root, report)
    if not report.dry_run:
        _import_rows(root, config, files, report)
        return
    # What a dry run writes, later rows must find: all of it is taken back at the end.
    with transaction.atomic():
        _import_rows(root, config, files, report)
        transaction.set_rollback(True)


def _import_rows(root: Path, config: Record, files: Files, report: Report) -> None:
    for table in BEFORE_POSTS:
        import_table(table, root, files, report)
    import_show(config, files, report)
    posts = Posts(root, files, report)
    for folder in (POSTS, DRAFTS, BIN):
        _import_posts(posts, folder)
    posts.point_mentions()
    for table in AFTER_POSTS:
        import_table(table, root, files, report)


def _import_posts(posts: Posts, folder: str) -> None:
    for path in markdown_files(posts.root, folder, posts.report):
        name = path.relative_to(posts.root).as_posix()
        try:
            record = read_markdown(path, name)
        except UnreadableFile as failure:
            refuse_file(name, failure, posts.report)
        else:
            posts.add(record)
