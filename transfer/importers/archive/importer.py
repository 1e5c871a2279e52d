"""Imports an export: media, tables, posts, pages."""

from pathlib import Path

from text.problems import error
from transfer.export.posts import BIN, DRAFTS, POSTS
from transfer.export.tables import AFTER_POSTS, BEFORE_POSTS, CONFIG, FORMAT, FORMAT_KEY
from transfer.importers.archive.media import restore_media
from transfer.importers.archive.posts import Posts
from transfer.importers.archive.records import read_mapping, read_markdown
from transfer.importers.archive.tables import import_show, import_table
from transfer.importers.checkout import markdown_files, read_each
from transfer.importers.report import Report


def is_archive(root: Path) -> bool:
    """Whether this folder is an export. Raises OSError where it has no `_config.yml`."""
    config = (root / CONFIG).read_text("utf-8", errors="replace")
    return f"\n{FORMAT_KEY}:" in f"\n{config}"


def import_archive(root: Path, report: Report) -> None:
    """Import an export, within the report's transaction. Rows that it doesn't name stay."""
    config = next(read_each([(root / CONFIG, CONFIG)], read_mapping, report), None)
    if config is None:
        return
    if config.values.get(FORMAT_KEY) != FORMAT:
        message = f"Another version's export; this one reads {FORMAT_KEY}: {FORMAT}."
        value = str(config.values.get(FORMAT_KEY))[:80]
        report.within(CONFIG).problem(error(message, field=FORMAT_KEY, value=value))
        return
    renamed = restore_media(root, report)
    for table in BEFORE_POSTS:
        import_table(table, root, renamed, report)
    import_show(config, renamed, report)
    posts = Posts(root, renamed, report)
    for folder in (POSTS, DRAFTS, BIN):
        for record in read_each(markdown_files(root, folder, report), read_markdown, report):
            posts.add(record)
    posts.point_mentions()
    for table in AFTER_POSTS:
        import_table(table, root, renamed, report)
