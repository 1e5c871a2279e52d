"""Checks the hosts of untrusted URLs: only those of the public internet are allowed."""

import ipaddress
import socket
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
# IPv4 addresses as networks without IPv4 see them (RFC 6052).
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

# For protocols, and some clouds' inner services; Python's versions differ on it.
PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def printable(text: str) -> str:
    """The text without control characters, which a server could send to a terminal or database."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


class Refused(ValueError):
    """A URL that is not requested; the message says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(printable(reason))


def origin(url: str) -> str:
    """Scheme, host and port of an address: `https://example.com:443`. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as wrong:
        raise Refused(f"“{url[:200]}” isn't a web address: {wrong}.") from wrong
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused(f"“{url[:200]}” isn't an address that begins with http:// or https://.")
    return f"{parts.scheme}://{parts.hostname}:{port}"


def resolve(host: str, port: int) -> list[str]:
    """A host's IP addresses, in the order to try them. Raises OSError or ValueError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's, and no way into a private network."""
    ip: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local:
            return False
    if ip in PROTOCOLS:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)
