"""What `./run test` adds to its arguments: fewer files to collect, or a process for each core."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

# Starting workers takes as long as this many tests.
MANY = 150
PARALLEL = ["-n", "auto", "--dist", "loadfile"]
# The arguments choose few tests, ask for no run, want the terminal, or say the number themselves.
ALONE = re.compile(
    r"-[knsh]|--(numprocesses|dist|pdb|trace|lf|last-failed|sw|stepwise|co|collect-only|"
    r"fixtures|markers|help|version|capture=no)\b"
)
NAMES = re.compile(r"test_\w+( or test_\w+)*")
NO_TESTS = {"var", "node_modules", "staticfiles", "static", "templates", "__pycache__"}


def options(arguments: Sequence[str], root: Path) -> list[str]:
    """Options and files for pytest, besides these arguments of `./run test`."""
    named = [root / argument.split("::")[0] for argument in arguments if argument[:1] != "-"]
    paths = [path for path in named if path.exists()]
    if "-k" in arguments[:-1] and not paths:
        return files_naming(arguments[arguments.index("-k") + 1], root)
    if any(ALONE.match(argument) or "::" in argument for argument in arguments):
        return []
    if paths and count_tests(paths) < MANY:
        return []
    return PARALLEL


def files_naming(expression: str, root: Path) -> list[str]:
    """The files in which `-k expression` may find tests, if it consists of names of tests."""
    if not NAMES.fullmatch(expression):
        return []
    name = re.compile(expression.replace(" or ", "|"), re.IGNORECASE)
    files = [path for path in files_below(root) if name.search(path.name + path.read_text())]
    return [str(path.relative_to(root)) for path in sorted(files)]


def count_tests(paths: Iterable[Path]) -> int:
    """The test functions below these paths; one with parameters counts once."""
    files = {file for path in paths for file in ([path] if path.is_file() else files_below(path))}
    return sum(len(re.findall(r"^ *def test_", file.read_text(), re.M)) for file in files)


def files_below(root: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if name not in NO_TESTS and name[0] != "."]
        yield from (Path(folder, name) for name in names if re.fullmatch(r"test_.*\.py", name))
