"""`export_catalogue`: every row and file into a folder, from one moment of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from show.models import Show
from transfer.export.columns import encode
from transfer.export.folder import Writer, replaced_folder
from transfer.export.front_matter import Value, dump, dump_list
from transfer.export.markdown import markdown_file
from transfer.export.media import copy, stored_files
from transfer.export.posts import post_files, posts
from transfer.export.tables import CONFIG, DATA, FORMAT, FORMAT_KEY, MEDIA, TABLES, Table

CHUNK = 100
README = """# {title}

Everything this podcast's site knows, in the shape of a Jekyll site: episodes and interviews in
`_posts` (drafts in `_drafts`, what lies in the bin in `_bin`), transcripts, technologies in `tags`,
pages, all else in `_data` and `_config.yml`, and the stored files in `media`.

    ./run manage import_jekyll DIR    # makes the same catalogue of it, in a new installation
    sha256sum -c SHA256SUMS           # proves that the copy is whole
"""


def export_catalogue(folder: Path, say: Callable[[str], object]) -> int:
    """Write the catalogue to the folder; the number of its files.

    `say` is told of each stored file that is missing. Raises NotOurFolder, and OSError when the
    disk is full: then the folder is as it was.
    """
    with replaced_folder(folder, CONFIG) as writer, one_moment():
        _write_show(writer)
        for table in TABLES:
            _write_table(table, writer)
        _write_posts(writer)
        for name in stored_files():
            _copy_file(name, writer, say)
    return len(writer.sums)


@contextmanager
def one_moment() -> Iterator[None]:
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


def _write_table(table: Table, writer: Writer) -> None:
    rows = [(_values(row, table), row) for row in table.rows()]
    if not table.body:
        writer.text(f"{DATA}/{table.name}.yml", dump_list([values for values, _ in rows]))
        return
    taken: set[str] = set()
    for values, row in rows:
        name = _free_name(row.slug, taken)
        writer.text(f"{table.name}/{name}.md", markdown_file(values, getattr(row, table.body)))


def _values(row: Any, table: Table) -> dict[str, Value]:
    columns = encode(row)
    columns.pop(table.body, None)
    values = {table.native.get(name, name): value for name, value in columns.items()}
    if table.listed:
        names = getattr(row, table.listed.name).all()
        values[table.listed.name] = sorted(getattr(name, table.listed.column) for name in names)
    if table.name == "pages":
        values["permalink"] = f"/{row.slug}"
    return values


def _free_name(slug: str, taken: set[str]) -> str:
    """A file's name that no disk takes for another's; the row's own slug stands in the file."""
    name, number = slug, 1
    while name.casefold() in taken:
        number += 1
        name = f"{slug}--{number}"
    taken.add(name.casefold())
    return name


def _write_posts(writer: Writer) -> None:
    zone = Show.objects.current().zone
    taken: set[str] = set()
    for episode in posts().iterator(chunk_size=CHUNK):
        for file in post_files(episode, zone, taken):
            writer.text(file.path, file.text)


def _copy_file(name: str, writer: Writer, say: Callable[[str], object]) -> None:
    target = f"{MEDIA}/{name}"
    try:
        if writer.reuse(target, default_storage.size(name)):
            return
        with default_storage.open(name) as source, writer.place(target).open("wb") as file:
            writer.sums[target] = copy(source, file)
    except FileNotFoundError:
        say(f"{name}: not in storage; its row is exported, the file can't be.")
