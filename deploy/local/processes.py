"""Child processes that never outlive `./run`, signals that end it tidily, and its locks."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1

Command = Sequence[str | Path]


class Lock:
    """An flock on a file. A child given its `fd` by pass_fds holds the lock as well."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = -1

    def take(self, wait: float = 0, shared: bool = False) -> bool:
        """Take the lock, trying for `wait` seconds; whether that worked."""
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(fd)
                    return False
                time.sleep(0.05)
            else:
                self.fd = fd
                return True

    def release(self) -> None:
        """Let go; children that inherited the lock keep it."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def is_free(self) -> bool:
        """Whether nobody holds the lock exclusively. Looks, and leaves no trace."""
        if not self.path.exists():
            return True
        probe = Lock(self.path)
        free = probe.take(shared=True)
        probe.release()
        return free


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
        argv, env=env, cwd=cwd, start_new_session=True, preexec_fn=dies_with_parent(signal.SIGTERM)
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
