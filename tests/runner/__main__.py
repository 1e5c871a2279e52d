"""`./run test`: pytest, on a PostgreSQL for tests (or on $TEST_DATABASE_URL)."""

import sys

from deploy.local.environment import ROOT, for_tests, given, state_folder
from deploy.local.installation import programs
from deploy.local.packages import python
from deploy.local.processes import leave_on_signals, run_in_foreground
from tests.runner.selection import options
from tests.runner.template import TEMPLATE, server_for_tests


def main(*arguments: str) -> int:
    """Run pytest with these arguments; its exit code."""
    env = given()
    command = [python(), "-m", "pytest", *options(arguments, ROOT), *arguments]
    if url := env.get("TEST_DATABASE_URL"):
        return run_in_foreground(command, for_tests(url), cwd=ROOT)
    binaries = programs(env)
    with server_for_tests(binaries, state_folder() / "tests") as url:
        variables = {**for_tests(url), "TEST_DATABASE_TEMPLATE": TEMPLATE}
        return run_in_foreground(command, binaries.first_on_path(variables), cwd=ROOT)


if __name__ == "__main__":
    leave_on_signals()
    sys.exit(main(*sys.argv[1:]))
