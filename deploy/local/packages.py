"""The virtual environment and the pinned packages in it."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.environment import ROOT, state_folder
from deploy.local.processes import Lock

INTERRUPTED = "being installed"


def venv_folder() -> Path:
    """`.venv`, or `.venv-3.13` beside it when that belongs to another Python."""
    version = "{}.{}".format(*sys.version_info)
    default = ROOT / ".venv"
    return default if version_of(default) in (None, version) else ROOT / f".venv-{version}"


def version_of(venv: Path) -> str | None:
    """Which Python a virtual environment was made with."""
    config = venv / "pyvenv.cfg"
    text = config.read_text() if config.exists() else ""
    found = re.search(r"^version\S* = (\d+\.\d+)", text, re.MULTILINE)
    return found[1] if found else None


def python() -> str:
    """The virtual environment's Python. Scripts beside it break in paths with spaces."""
    return str(venv_folder() / "bin/python")


def needed(env: Mapping[str, str]) -> list[str]:
    """The requirements of the site, with PostgreSQL's programs unless the caller has them."""
    if env.get("DATABASE_URL") or env.get("PGBIN"):
        return ["requirements.txt"]
    return ["requirements.txt", "requirements-local.txt"]


def install(*requirements: str) -> None:
    """Bring the virtual environment in step with these files; instant when it is."""
    lock = Lock(state_folder() / "setup.lock")
    if not lock.take():
        print("Another ./run is installing packages; waiting for it.", flush=True)
        lock.take(wait=1800)
    try:
        if missing := out_of_step(*requirements):
            make_venv()
            pip_install(missing)
    finally:
        lock.release()


def out_of_step(*requirements: str) -> list[str]:
    """Which of the files differ from what was installed by them last."""
    stamp = read_stamp()
    return [name for name in requirements if stamp.get(name) != fingerprint(name)]


def make_venv() -> None:
    """Make the virtual environment, anew if an installation into it was interrupted."""
    if INTERRUPTED not in read_stamp() and works():
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(without_ensurepip())
    folder = venv_folder()
    print(f"Making {folder.name} with Python {sys.version.split()[0]}.", flush=True)
    clear = ["--clear"] if INTERRUPTED in read_stamp() else []
    try:
        subprocess.run([base_python(), "-m", "venv", *clear, folder], check=True)
    except subprocess.CalledProcessError as problem:
        raise SystemExit(f"{folder} could not be made. {without_ensurepip()}") from problem


def works() -> bool:
    """Whether the virtual environment has a Python that runs, and pip."""
    if not Path(python()).exists():
        return False
    return subprocess.run([python(), "-c", "import pip"], capture_output=True).returncode == 0


def base_python() -> str:
    """The Python outside the virtual environment, should `./run` run by the one inside."""
    return getattr(sys, "_base_executable", sys.executable)


def without_ensurepip() -> str:
    """What to do where Python comes without the means to make virtual environments."""
    version = "{}.{}".format(*sys.version_info)
    return (
        f"Python {version} ({base_python()}) can't make virtual environments here. "
        "On Debian or Ubuntu, this brings what is missing:\n"
        f"  sudo apt-get install python3-venv python{version}-venv"
    )


def pip_install(requirements: list[str]) -> None:
    """Install the files' packages by their hashes."""
    print(f"Installing {', '.join(requirements)}; the first time takes a minute.", flush=True)
    stamp = read_stamp()
    write_stamp({**stamp, INTERRUPTED: "yes"})
    options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--quiet"]
    files = [part for name in requirements for part in ("-r", str(ROOT / name))]
    result = subprocess.run(
        [python(), "-m", "pip", "install", *options, *files], env={**os.environ, "PIP_USER": "0"}
    )
    if result.returncode:
        write_stamp(stamp)  # pip failed, but tidied up
        raise SystemExit("pip could not install the packages; its message is above.")
    write_stamp({**stamp, **{name: fingerprint(name) for name in requirements}})


def fingerprint(name: str) -> str:
    """A hash of a requirements file."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    """The requirements files that are installed, with their hashes."""
    path = venv_folder() / "installed.json"
    return json.loads(path.read_text()) if path.exists() else {}


def write_stamp(stamp: dict[str, str]) -> None:
    """Record what is installed; whole or not at all."""
    path = venv_folder() / "installed.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(stamp, indent=1))
    draft.replace(path)
