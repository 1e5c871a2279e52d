"""`export_catalogue`: every row and file, from one snapshot of the database, into a folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from show.models import Show
from transfer.export.columns import encode
from transfer.export.folder import MEDIA, Writer, free_name, replaced_folder
from transfer.export.front_matter import Value, dump, dump_list, markdown_file
from transfer.export.media import stored_files
from transfer.export.posts import post_files, posts
from transfer.export.tables import CONFIG, DATA, FORMAT, FORMAT_KEY, TABLES, ExportTable

CHUNK = 100
README = """# {title}

Everything this podcast's site knows, in the shape of a Jekyll site: episodes and interviews in
`_posts` (drafts in `_drafts`, what lies in the bin in `_bin`), transcripts, technologies in `tags`,
pages, all else in `_data` and `_config.yml`, and the stored files in `media`.

    ./run manage import_jekyll DIR    # makes the same catalogue of it, in a new installation
    sha256sum -c SHA256SUMS           # proves that the copy is whole
"""


def export_catalogue(folder: Path, on_missing: Callable[[str], object]) -> int:
    """Write the catalogue to the folder; the number of its files.

    `on_missing` is called for each stored file that is missing. Raises FolderRefused, and OSError
    when the disk is full; the folder is then unchanged.
    """
    with replaced_folder(folder, CONFIG) as writer, snapshot():
        _write_show(writer)
        for table in TABLES:
            _write_table(table, writer)
        zone, used = Show.objects.current().zone, set[str]()
        for episode in posts().iterator(chunk_size=CHUNK):
            for path, text in post_files(episode, zone, used):
                writer.text(path, text)
        for name in stored_files():
            try:
                writer.stored(f"{MEDIA}/{name}", name)
            except FileNotFoundError:
                on_missing(f"{name}: not in storage; its row is exported, the file can't be.")
    return len(writer.sums)


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads see the database as it is now, however long they take."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write_show(writer: Writer) -> None:
    show = Show.objects.current()
    values: dict[str, Value] = {
        FORMAT_KEY: FORMAT,
        "permalink": "/:categories/:slug",
        "url": show.website,
        "exclude": ["README.md", "SHA256SUMS", "transcripts"],
    }
    values |= {name: value for name, value in encode(show).items() if name != "website"}
    if show.host:
        values["host"] = show.host.slug
    writer.text(CONFIG, dump(values))
    writer.text("README.md", README.format(title=show.title))


def _write_table(table: ExportTable, writer: Writer) -> None:
    rows = [(_values(row, table), row) for row in table.rows()]
    if not table.body:
        writer.text(f"{DATA}/{table.name}.yml", dump_list([values for values, _ in rows]))
        return
    used: set[str] = set()
    for values, row in rows:
        name = free_name(f"{table.name}/{row.slug}", ".md", used)
        writer.text(name, markdown_file(values, getattr(row, table.body)))


def _values(row: Any, table: ExportTable) -> dict[str, Value]:
    columns = encode(row)
    columns.pop(table.body, None)
    values = {table.native.get(name, name): value for name, value in columns.items()}
    if table.listed:
        names = getattr(row, table.listed.name).all()
        values[table.listed.name] = sorted(getattr(name, table.listed.column) for name in names)
    if table.name == "pages":
        values["permalink"] = f"/{row.slug}"
    return values
