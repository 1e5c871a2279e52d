"""Child processes that never outlive `./run`, and signals that end it tidily."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1

Command = Sequence[str | Path]


def dies_with_parent(signum: signal.Signals) -> Callable[[], None] | None:
    """A preexec_fn: the child gets `signum` when we die, even by kill -9 (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask_for_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signum))
        if os.getppid() != parent:  # we died before the child could ask
            os.kill(os.getpid(), signum)

    return ask_for_signal


def leave_on_signals() -> None:
    """Turn the first stop signal into SystemExit, so that every `with` block cleans up."""
    stops = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup keeps its promise
        stops.append(signal.SIGHUP)

    def leave(signum: int, frame: object) -> None:
        for stop in stops:
            signal.signal(stop, signal.SIG_IGN)
        raise SystemExit(128 + signum)

    for stop in stops:
        signal.signal(stop, leave)


def run_in_foreground(argv: Command, env: Mapping[str, str], cwd: Path | None = None) -> int:
    """Run a command that owns the terminal: Ctrl-C is its business. Returns its exit code."""
    on_interrupt = signal.signal(signal.SIGINT, lambda signum, frame: None)
    child = subprocess.Popen(argv, env=env, cwd=cwd, preexec_fn=dies_with_parent(signal.SIGTERM))
    try:
        code = child.wait()
    except SystemExit:  # SIGTERM or SIGHUP: pass it on
        terminate(child, signal.SIGTERM, patience=10)
        raise
    finally:
        signal.signal(signal.SIGINT, on_interrupt)
    return code if code >= 0 else 128 - code


def run_in_background(argv: Command, env: Mapping[str, str], cwd: Path) -> int:
    """Run a command that the terminal's Ctrl-C doesn't reach; we stop it ourselves."""
    child = subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
    try:
        return child.wait()
    except SystemExit:
        terminate(child, signal.SIGTERM, patience=10)
        raise


def terminate(child: subprocess.Popen[bytes], signum: signal.Signals, patience: float) -> None:
    """Ask a child to leave; kill it when it hasn't after `patience` seconds."""
    if child.poll() is None:
        child.send_signal(signum)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
