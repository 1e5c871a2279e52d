"""`python -m ops.probe`: the containers' health check; exit 0 when the local server is healthy.

Runs without Django. It sends an allowed host name, which a request by IP address would lack.
"""

import http.client
import os
import sys

TIMEOUT_SECONDS = 8


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health", headers={"Host": host or "localhost"})
        response = connection.getresponse()
        body = response.read(1000).decode(errors="replace")
    except OSError as error:
        sys.stderr.write(f"No answer on port {port}: {error}\n")
        return 1
    if response.status == http.HTTPStatus.OK:
        return 0
    sys.stderr.write(f"{response.status}: {body}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
