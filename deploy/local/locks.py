"""Locks between processes that die with their holders, even after kill -9."""

import fcntl
import os
import time
from pathlib import Path


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
