"""The commands of `./run`."""

import errno
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from deploy.local import checks, doctor, packages
from deploy.local.environment import ROOT, for_tests, given
from deploy.local.icons import icons
from deploy.local.installation import Installation, installation, programs
from deploy.local.postgres import NAME, throwaway
from deploy.local.processes import leave_on_signals, run_in_foreground
from deploy.local.serving import dev, prepare, serve
from deploy.local.typeface import typeface
from deploy.local.word_vectors import word_vectors
from deploy.release.release import release

HELP = """\
Commands of this project:

  ./run serve            the site at http://127.0.0.1:8000, with everything it needs
  ./run dev              the same with Django's development server: reloads, shows errors
  ./run test [ARGS]      the tests, on a PostgreSQL of their own; ARGS are pytest's. Many tests
                         run in a process for each core, a file or -k NAME in one; -n says how many
  ./run check            format, lint, types, deployment settings, migrations, requirements
  ./run manage ARGS      manage.py, on the private database
  ./run bench NAME ARGS  bench/NAME.py, likewise
  ./run exec PROGRAM     any program, likewise: psql, pg_dump, ...
  ./run doctor           what is right and wrong here, and how to fix it
  ./run lock [ARGS]      pin requirements*.in anew; ARGS are uv's, such as --upgrade
  ./run audit            vulnerabilities and licences of the pinned packages, with remedies
  ./run sbom [FILE]      write the list of the site's packages, by default to var/sbom.json
  ./run release X.Y.Z    number what CHANGELOG.md has as unreleased; commit and tag it
  ./run icons            write static/icons anew, after a change of stack/directory.tsv
  ./run pictures         take the README's pictures anew
  ./run typeface         write the display face anew, for pages and social cards
  ./run word_vectors     write search/word_vectors.tsv.gz anew, by deploy/word_vectors/

Variables: HOST, PORT, PYTHON, PGBIN (folder of PostgreSQL's programs), SAMPLE=0 (start bare),
and those in .env.example. All but PYTHON can be set in a file .env."""


def manage(*arguments: str) -> int:
    """manage.py, in the caller's folder: its arguments may be files there."""
    with installation("manage") as here:
        command = [packages.python(), str(ROOT / "manage.py"), *arguments]
        return run_in_foreground(command, here.env)


def bench(name: str = "", *arguments: str) -> int:
    """A measurement from bench/."""
    measurements = [
        path.stem for path in (ROOT / "bench").glob("*.py") if "def main(" in path.read_text()
    ]
    if name not in measurements:
        sys.exit(f"./run bench NAME, where NAME is one of: {', '.join(sorted(measurements))}")
    with installation("bench") as here:
        if here.database:  # never somebody's live one
            prepare(here, "--static")
        command = [packages.python(), "-m", "bench", name, *arguments]
        return run_in_foreground(command, here.env, cwd=ROOT)


def execute(*command: str) -> int:
    """Any program; psql and pg_dump find the private database by themselves."""
    if not command:
        sys.exit("./run exec PROGRAM ARGS")
    with installation("exec") as here:
        try:
            return run_in_foreground(command, {**here.env, **libpq_variables(here)})
        except FileNotFoundError:
            sys.exit(f"There is no program {command[0]}.")


def libpq_variables(here: Installation) -> dict[str, str]:
    """What leads PostgreSQL's own programs to the private database."""
    if not here.database:
        return {}
    return {
        "PGHOST": unquote(urlsplit(here.env["DATABASE_URL"]).hostname or ""),
        "PGPORT": "5432",
        "PGUSER": "postgres",
        "PGDATABASE": NAME,
    }


def test(*arguments: str) -> NoReturn:
    """pytest, by tests/runner in the place of this process."""
    install_for_tests(given())
    os.chdir(ROOT)
    os.execv(packages.python(), [packages.python(), "-m", "tests.runner", *arguments])


def pictures() -> NoReturn:
    """The README's pictures, taken of the sample in a browser."""
    os.environ["README_PICTURES"] = "1"
    test("-n", "0", "tests/browser/test_readme_pictures.py")


def check() -> int:
    """Every check that isn't a test."""
    env = given()
    install_for_tests(env)
    if url := env.get("TEST_DATABASE_URL"):
        return checks.run_all(for_tests(url))
    binaries = programs(env)
    with throwaway(binaries) as url:
        return checks.run_all(binaries.first_on_path(for_tests(url)))


def install_for_tests(env: Mapping[str, str]) -> None:
    """The site's packages and the development ones."""
    packages.install(*packages.needed(env), "requirements-dev.txt")


def lock(*arguments: str) -> int:
    """Pin requirements*.in anew."""
    packages.install("requirements.txt", "requirements-dev.txt")
    command = [packages.python(), "-m", "deploy.local.pins", "compile", *arguments]
    return run_in_foreground(command, dict(os.environ), cwd=ROOT)


def audit() -> int:
    """The licences of the pinned packages, and advisories about them."""
    return examine_packages("licences") | examine_packages("advisories")


def sbom(output: str = "var/sbom.json") -> int:
    """The list of the site's packages, in a file."""
    return examine_packages("sbom", str(Path(output).absolute()))


def examine_packages(module: str, *arguments: str) -> int:
    """A module of deploy/release/, with all pinned packages installed."""
    packages.install(*(f"requirements{part}.txt" for part in ("", "-local", "-dev", "-audit")))
    command = [packages.python(), "-m", f"deploy.release.{module}", *arguments]
    return run_in_foreground(command, dict(os.environ), cwd=ROOT)


COMMANDS: dict[str, Callable[..., int | None]] = {
    "serve": serve,
    "dev": dev,
    "test": test,
    "check": check,
    "manage": manage,
    "bench": bench,
    "exec": execute,
    "doctor": doctor.examine,
    "lock": lock,
    "audit": audit,
    "sbom": sbom,
    "release": release,
    "icons": icons,
    "pictures": pictures,
    "typeface": typeface,
    "word_vectors": word_vectors,
}
# What `./run` writes: packages and uploads below the clone, and its state (state_folder()).
DISK_PROBLEMS = {
    errno.EROFS: "Clone the project to a disk that can be written to.",
    errno.ENOSPC: "Free some space there.",
    errno.EDQUOT: "Free some space there.",
    errno.EACCES: "Make it yours (chown), or be the user to whom it belongs.",
    errno.EPERM: "Make it yours (chown), or be the user to whom it belongs.",
}
TAKE_ARGUMENTS = ("test", "manage", "bench", "exec", "lock", "sbom", "release")


def main() -> None:
    """Run the command named on the command line."""
    name, *arguments = sys.argv[1:] or ["help"]
    if name in ("help", "-h", "--help"):
        print(HELP)
        return
    if name not in COMMANDS:
        sys.exit(f"There is no command {name!r}.\n\n{HELP}")
    if arguments and name not in TAKE_ARGUMENTS:
        sys.exit(f"./run {name} takes no arguments; see ./run for its variables.")
    leave_on_signals()
    try:
        sys.exit(COMMANDS[name](*arguments))
    except OSError as error:
        if error.errno not in DISK_PROBLEMS:
            raise
        sys.exit(f"{error.filename or ROOT}: {error.strerror}. {DISK_PROBLEMS[error.errno]}")
