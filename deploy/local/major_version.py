"""Data of another major version of PostgreSQL: refused, with the commands that move it."""

import shlex
from itertools import count
from pathlib import Path

from deploy.local.binaries import Binaries, candidates, version_of
from deploy.local.environment import given
from deploy.local.packages import venv_folder

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
    folder = programs_of(written_by)
    where = "" if folder else "\n(PGBIN is the folder of its programs, wherever that is here)"
    old = run_with(folder or Path(f"/usr/lib/postgresql/{written_by}/bin"))
    new = run_with(binaries.folder) if given().get("PGBIN") else "./run"
    move = way(old, new, data, former_name(data, written_by), name, written_by > binaries.version)
    commands = " &&\n  ".join([*move, f"{new} serve"])
    raise SystemExit(f"""\
The data in {data}
was written by PostgreSQL {written_by}; the programs in {binaries.folder}
are version {binaries.version}. Nothing was touched. To go on with PostgreSQL {written_by}{where}:
  {old} serve
To move the catalogue to PostgreSQL {binaries.version}, copy all lines. They stop at a failure;
then docs/upgrade.md, “With `./run`”, says how to begin again:
  {commands}""")


def programs_of(version: int) -> Path | None:
    """The folder of that version's programs, where `./run` would look for them."""
    for folder in candidates(venv_folder(), {}):
        if (folder / "initdb").exists() and version_of(folder, None) == version:
            return folder
    return None


def run_with(folder: Path) -> str:
    return f"PGBIN={shlex.quote(str(folder))} ./run"


def former_name(data: Path, version: int) -> Path:
    """A free name beside `data`: `mv` would put it into a folder that is there."""
    name = f"{data.name}-{version}"
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(path for path in map(data.with_name, names) if not path.exists())


def way(old: str, new: str, data: Path, former: Path, name: str, is_back: bool) -> list[str]:
    """The commands that move the catalogue to another major version.

    An older pg_restore can't read a newer dump, so the way back is by a text, without what is new.
    `ls` stops a repetition before it dumps an empty database, `touch` and `chmod` make a file that
    only its owner reads, and the last command restores everything or nothing.
    """
    file = "catalogue.sql" if is_back else "catalogue.dump"
    dump = f"{old} exec pg_dump -N search_vectors -e plpgsql"
    start = [f"ls -d {shlex.quote(str(data))}", f"touch {file} && chmod 600 {file}"]
    put_aside = f"mv {shlex.quote(str(data))} {shlex.quote(str(former))}"
    if not is_back:
        load = f"{new} exec pg_restore -1 -d {name} {file}"
        return [*start, f"{dump} -Fc -f {file}", put_aside, load]
    load = f"{new} exec psql -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d {name} -f {file}"
    return [*start, f"{dump} -f {file}", WITHOUT_NEWER, put_aside, load]
