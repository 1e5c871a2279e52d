"""A connection to the database that tests can cut, as if its machine were lost."""

import contextlib
import os
import socket
import threading
from urllib.parse import quote

from django.db import connection

# What an immediate shutdown sends; psycopg2 then raises its base class alone.
LAST_WORDS = b"SWARNING\0VWARNING\0C57P01\0Mterminating connection\0\0"


class Wire:
    """A local port that forwards to the tests' database until it is cut."""

    def __init__(self) -> None:
        self._ends: list[socket.socket] = []
        self._listening: socket.socket | None = None
        self.port = 0
        self.restore()

    @property
    def url(self) -> str:
        database = connection.settings_dict
        who = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
        return f"postgres://{who}@127.0.0.1:{self.port}/{database['NAME']}"

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        if self._listening:
            # close() alone leaves the port open while a thread waits in accept().
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
        self._listening = None
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends = []

    def restore(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listening], daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return  # cut
            server = self._reach()
            self._ends += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=pump, args=[source, target], daemon=True).start()

    @staticmethod
    def _reach() -> socket.socket:
        database = connection.settings_dict
        host, port = database["HOST"], int(database["PORT"] or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server


def pump(source: socket.socket, target: socket.socket) -> None:
    """Forward data until either end is closed."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def kill_server() -> None:
    """Leave Django's connection as a server does that is killed between two queries."""
    ours, server = socket.socketpair()
    server.sendall(b"N" + (len(LAST_WORDS) + 4).to_bytes(4, "big") + LAST_WORDS)
    server.close()
    os.dup2(ours.fileno(), connection.connection.fileno())
    ours.close()
