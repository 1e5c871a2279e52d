"""The units of a Debian machine; nothing where systemd doesn't run the site."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from ops.doctor.diagnosis import Diagnosis

SYSTEMD = (Path("/run/systemd/system"), Path("/etc/systemd/system/podcast-web.service"))
RUNNING = (
    "podcast-web.socket",
    "podcast-web.service",
    "podcast-invalidator.service",
    "podcast-logs.service",
    "podcast-tick.timer",
    "podcast-hourly.timer",
    "podcast-nightly.timer",
)
BACKUPS = ("podcast-hourly.service", "podcast-nightly.service")
STARTED_BY_TIMERS = ("podcast-tick.service", *BACKUPS)
FINE = ("active", "activating", "reloading", "deactivating")
CRASHED = "starting again after a crash"


def units() -> Iterator[Diagnosis]:
    if not all(path.exists() for path in SYSTEMD):
        return
    named = (*RUNNING, *STARTED_BY_TIMERS)
    shown = systemctl("show", "--property=ActiveState,SubState,NRestarts", *named)
    states = [state_of(block.splitlines()) for block in "\n".join(shown).split("\n\n")]
    enabled = systemctl("is-enabled", *RUNNING)
    if len(states) != len(named) or len(enabled) != len(RUNNING):
        yield Diagnosis("Units", "unknown: systemctl doesn't answer", "apt-get install dbus")
        return
    problems = False
    for unit, state in zip(named, states, strict=True):
        if state in FINE or (state == "inactive" and unit in STARTED_BY_TIMERS):
            continue
        problems = True
        remedy = f"journalctl -u {unit} says why"
        if unit in RUNNING and state != CRASHED:
            remedy = f"{start(unit)}; if that fails, {remedy}"
        yield Diagnosis("Units", f"{unit} is {state}", remedy)
    for unit, state in zip(RUNNING, enabled, strict=True):
        if state == "disabled" or state.startswith("masked"):
            problems = True
            text = f"{unit} is {state}: it doesn't start with the machine"
            yield Diagnosis("Units", text, f"systemctl unmask {unit}; {start(unit)}")
    if not problems:
        yield Diagnosis("Units", "all run")


def start(unit: str) -> str:
    """The remedy for one that is off, as timers are on a spare machine (docs/backups.md)."""
    on_purpose = ", unless it is off on purpose" if unit.endswith(".timer") else ""
    return f"systemctl enable --now {unit}{on_purpose}"


def state_of(properties: list[str]) -> str:
    """The ActiveState, but systemd calls a service “activating” also between two crashes."""
    shown = dict(line.split("=", 1) for line in properties)
    state = shown.get("ActiveState", "unknown")
    is_again = shown.get("NRestarts", "0") != "0"
    if state == "activating" and (is_again or shown["SubState"].startswith("auto-restart")):
        return CRASHED
    return state


def sandbox() -> Iterator[Diagnosis]:
    """Whether backups may write to their folder, which this command, unlike them, could."""
    url = urlsplit(settings.BACKUP_URL)
    if url.scheme != "file" or not all(path.exists() for path in SYSTEMD):
        return
    folder = Path(unquote(url.path)).resolve()
    for unit in BACKUPS:
        shown = systemctl("show", unit, "--property=ReadWritePaths", "--value")
        allowed = [Path(path.lstrip("-+")).resolve() for line in shown for path in line.split()]
        if shown and not any(folder.is_relative_to(path) for path in allowed):
            remedy = f"systemctl edit {unit}, with [Service] and ReadWritePaths={folder}"
            yield Diagnosis("Backups", f"{unit} may not write to {folder}", remedy)


def systemctl(*arguments: str) -> list[str]:
    """The lines that it prints; none if it can't be run or can't reach systemd."""
    try:
        ran = subprocess.run(  # noqa: S603
            ["systemctl", *arguments],  # noqa: S607
            capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return []
    return ran.stdout.splitlines()
