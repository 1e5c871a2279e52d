"""Finds third-party programs, or skips the tests that need them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.production import ROOT

# `.ci/run` installs here what package.json beside this file names.
CLIENTS = ROOT / "var" / "clients"
MODULES = CLIENTS / "node_modules"
PATIENCE = 60


def program(name: str, package: str) -> str:
    """The program's path; skips the test where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on this machine: apt-get install {package}")
    return found


def npm_module(name: str) -> Path:
    """Where npm put the module; skips the test where it isn't."""
    if not (MODULES / name).exists():
        pytest.skip(f"the npm package {name} is not in {CLIENTS}: .ci/run installs it")
    return MODULES / name


def ask(*command: str | Path, **environment: str) -> str:
    """What the program prints. Raises AssertionError with all that it said when it fails."""
    result = subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert result.returncode == 0, f"{command} failed:\n{result.stdout}{result.stderr}"
    return result.stdout


def ask_node(script: str, *arguments: str | Path) -> str:
    """What Node.js prints when it runs the script, which may require what npm installed."""
    return ask(program("node", "nodejs"), "-e", script, *arguments, NODE_PATH=str(MODULES))
