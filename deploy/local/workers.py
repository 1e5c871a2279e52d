"""How many processes `./run test` takes: starting them costs more than a few tests do."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

# One worker a core for this many tests and more.
MANY = 150
# The arguments choose few tests, ask for no run, want the terminal, or say the number themselves.
ALONE = re.compile(
    r"-[knsh]|--(numprocesses|dist|pdb|trace|lf|last-failed|sw|stepwise|co|collect-only|"
    r"fixtures|markers|help|version|capture=no)\b"
)


def options(arguments: Sequence[str], root: Path) -> list[str]:
    """pytest's options for these arguments of `./run test`."""
    if any(ALONE.match(argument) or "::" in argument for argument in arguments):
        return []
    named = [root / argument for argument in arguments if not argument.startswith("-")]
    paths = [path for path in named if path.exists()]
    if paths and count_tests(paths) < MANY:
        return []
    return ["-n", "auto", "--dist", "loadfile"]


def count_tests(paths: Iterable[Path]) -> int:
    """The test functions below these paths; one with parameters counts once."""
    files = {
        file for path in paths for file in ([path] if path.is_file() else path.rglob("test_*.py"))
    }
    return sum(len(re.findall(r"^ *def test_", file.read_text(), re.M)) for file in files)
