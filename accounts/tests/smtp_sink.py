"""A mail server on this machine that stores what it gets."""

import socketserver
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as Python's client speaks."""

    def handle(self) -> None:
        self.say("220 sink")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "EHLO":
                self.say("250 sink")
            elif command == "RCPT":
                to.append(line.partition(":")[2].strip("<> "))
                self.say("250 OK")
            elif command == "DATA":
                self.say("354 Go on")
                self.server.mails.put((to, self._message()))  # type: ignore[attr-defined]
                to = []
                self.say("250 OK")
            elif command == "QUIT":
                return self.say("221 Bye")
            else:
                self.say("250 OK")
        return None

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free port once it is made. `mails` has recipients and message of each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: Queue[tuple[list[str], Any]] = Queue()

    @property
    def port(self) -> int:
        return self.server_address[1]
