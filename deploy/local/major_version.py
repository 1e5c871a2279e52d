"""Data of another major version of PostgreSQL: refused, with the commands that move it."""

import shlex
from pathlib import Path

from deploy.local.binaries import Binaries

# What versions before 17 don't know.
WITHOUT_NEWER = (
    "sed -i -E '/^(SET transaction_timeout|.(un)?restrict )/d; /^CREATE COLLATION/s/builtin/libc/'"
    " catalogue.sql"
)


def check_version(binaries: Binaries, data: Path, name: str) -> None:
    """Refuse data that another major version wrote, touching nothing."""
    written_by = int((data / "PG_VERSION").read_text())
    if written_by == binaries.version:
        return
    old = f"PGBIN=/usr/lib/postgresql/{written_by}/bin"
    former = data.with_name(f"{data.name}-{written_by}")
    move = way(old, data, former, name, is_back=written_by > binaries.version)
    raise SystemExit(f"""\
The data in {data}
was written by PostgreSQL {written_by}; the programs in {binaries.folder}
are version {binaries.version}. Nothing was touched. To go on with PostgreSQL {written_by}
(PGBIN is the folder of its programs, wherever that is here):
  {old} ./run serve
To move the catalogue to PostgreSQL {binaries.version}:
{move}
  ./run serve""")


def way(old: str, data: Path, former: Path, name: str, is_back: bool) -> str:
    """The commands that move the catalogue to another major version.

    An older pg_restore can't read a newer dump, so the way back is by a text, without what is new.
    """
    put_aside = f"  mv {shlex.quote(str(data))} {shlex.quote(str(former))}"
    dump = f"  {old} ./run exec pg_dump -N search_vectors -e plpgsql"
    if not is_back:
        return f"""\
{dump} -Fc -f catalogue.dump
{put_aside}
  ./run exec pg_restore --exit-on-error -d {name} catalogue.dump"""
    return f"""\
{dump} -f catalogue.sql
  {WITHOUT_NEWER}
{put_aside}
  ./run exec psql -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d {name} -f catalogue.sql"""
