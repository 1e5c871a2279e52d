"""The site as visitors reach it, through whatever is in front of it."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from ops.doctor.diagnosis import Diagnosis

TIMEOUT_SECONDS = 10
RENEWED_BEFORE = timedelta(days=14)
EXPIRED = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED
RENEWAL = (
    "if Caddy terminates TLS: journalctl -u caddy, or docker compose logs tls; if nginx does: "
    "renew its ssl_certificate, then reload nginx"
)


def reverse_proxy() -> Iterator[Diagnosis]:
    """Requests SITE_URL as visitors do, through whatever is in front of the site."""
    url = settings.SITE_URL
    try:
        status, headers = get("/health")
        metrics, _ = get("/metrics")
    except ssl.SSLCertVerificationError as error:
        text = f"{url}: its certificate isn't trusted: {error.verify_message}"
        remedy = (
            "Caddy's log says why, and nginx needs a trusted one as ssl_certificate; before DNS "
            "points here, “tls internal” is the reason"
        )
        yield Diagnosis("Proxy", text, remedy)
        return
    except ssl.SSLError as error:
        text = f"{url}: whatever terminates TLS has no certificate for it: {error.reason}"
        remedy = (
            "journalctl -u caddy, docker compose logs tls, or nginx's error log says why; for "
            "Caddy, DNS must point here, and ports 80 and 443 be open"
        )
        yield Diagnosis("Proxy", text, remedy)
        return
    except socket.gaierror as error:
        text = f"{url}: its name leads to no address: {error.strerror}"
        yield Diagnosis("Proxy", text, "let DNS point here, or correct SITE_URL")
        return
    except (OSError, http.client.HTTPException) as error:
        remedy = "start nginx, and Caddy if it terminates TLS (docs/deploy.md), or correct SITE_URL"
        remedy = "./run serve" if settings.PRIVATE else remedy
        yield Diagnosis("Proxy", f"{url} doesn't answer: {error}", remedy)
        return
    if status in (http.HTTPStatus.BAD_GATEWAY, http.HTTPStatus.GATEWAY_TIMEOUT):
        text = f"/health answers {status}: whatever is behind the first program is away"
        yield Diagnosis("Proxy", text, "start nginx: systemctl status nginx podcast-web")
    elif status != http.HTTPStatus.OK:
        yield Diagnosis("Proxy", f"/health answers {status}", f"curl {url}/health")
    elif "X-Request-ID" not in headers:
        yield Diagnosis("Proxy", f"{url} is another program", "correct SITE_URL")
    else:
        yield Diagnosis("Proxy", f"{url} answers")
    if metrics != http.HTTPStatus.NOT_FOUND:
        text = f"/metrics answers {metrics} to everybody"
        yield Diagnosis("Metrics", text, "let only Prometheus reach it")
    else:
        yield Diagnosis("Metrics", "not public")


def former_domains() -> Iterator[Diagnosis]:
    """Whether each of FORMER_DOMAINS leads to the same path of SITE_URL."""
    path = "/podcast/?page=2"
    for domain in settings.FORMER_DOMAINS:
        remedy = "see docs/domains.md, or remove it from FORMER_DOMAINS"
        try:
            status, headers = get(path, domain)
        except (OSError, http.client.HTTPException) as error:
            yield Diagnosis("Domains", f"{domain} doesn't answer: {error}", remedy)
            continue
        if headers.get("Location") == settings.SITE_URL + path:
            yield Diagnosis("Domains", f"{domain} redirects to {settings.SITE_URL}")
        else:
            text = f"{domain} answers {status}, and doesn't redirect to {settings.SITE_URL}"
            yield Diagnosis("Domains", text, remedy)


def certificate() -> Iterator[Diagnosis]:
    """Whether it is renewed in time; `reverse_proxy` says if it isn't trusted."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https":
        return
    try:
        begins, ends = certificate_dates(site.hostname or "", site.port)
    except ssl.SSLCertVerificationError as error:
        # An untrusted issuer comes first: this one was trusted, unlike that of “tls internal”.
        if error.verify_code == EXPIRED:
            yield Diagnosis("Certificate", "has expired", RENEWAL)
        return
    except OSError:  # as of TLS
        return
    left = ends - timezone.now()
    # Some live for days only. Caddy renews each when a third of its time is left.
    if left < min(RENEWED_BEFORE, (ends - begins) / 4):
        text = f"ends on {ends:%Y-%m-%d %H:%M} UTC, and should have been renewed"
        yield Diagnosis("Certificate", text, RENEWAL)
    else:
        yield Diagnosis("Certificate", f"ends on {ends:%Y-%m-%d}")


def certificate_dates(host: str, port: int | None) -> tuple[datetime, datetime]:
    """When it begins and ends. Raises OSError if nobody answers with one that is trusted."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port or 443), timeout=TIMEOUT_SECONDS / 2) as plain,
        context.wrap_socket(plain, server_hostname=host) as opened,
    ):
        found = opened.getpeercert() or {}
    begins, ends = (
        ssl.cert_time_to_seconds(str(found[name])) for name in ("notBefore", "notAfter")
    )
    return datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC)


def get(path: str, host: str = "", **headers: str) -> tuple[int, HTTPMessage]:
    """Status and headers, whose names proxies spell as they like, of SITE_URL's host or another.

    Raises OSError, HTTPException.
    """
    site = urlsplit(settings.SITE_URL)
    connect = http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
    host = host or site.hostname or ""
    with closing(connect(host, site.port, timeout=TIMEOUT_SECONDS)) as opened:
        opened.request("GET", path, headers=headers)
        response = opened.getresponse()
        response.read(1000)
        return response.status, response.headers
