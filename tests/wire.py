"""A connection to the database that can be cut, for drills: as if its machine went away."""

import contextlib
import socket
import threading
from urllib.parse import quote

from django.db import connection


class Wire:
    """A port of this machine that leads to the tests' database, until it is cut."""

    def __init__(self) -> None:
        self._ends: list[socket.socket] = []
        self._listening: socket.socket | None = None
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        known = connection.settings_dict
        who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
        return f"postgres://{who}@127.0.0.1:{self.port}/{known['NAME']}"

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        if self._listening:
            # Closing alone would leave it open for as long as a thread waits in accept().
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
        self._listening = None
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends = []

    def mend(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listening], daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return  # cut
            far = self._reach()
            self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=pump, args=[source, target], daemon=True).start()

    @staticmethod
    def _reach() -> socket.socket:
        known = connection.settings_dict
        host, port = known["HOST"], int(known["PORT"] or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far


def pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, until either end is closed."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
