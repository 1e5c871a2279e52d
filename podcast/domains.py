"""The domains that the site had before, or has beside its own, such as with www."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port

Handler = Callable[[HttpRequest], HttpResponse]
NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# Browsers would remember a permanent redirect for good, also one that a rollback takes back.
CACHE_CONTROL = "public, max-age=3600"


def former_domains(names: Iterable[str], site_url: str) -> list[str]:
    """FORMER_DOMAINS in lower case. Raises ImproperlyConfigured."""
    domains = [name.strip().lower() for name in names if name.strip()]
    for domain in domains:
        if not NAME.fullmatch(domain):
            raise ImproperlyConfigured(
                f"FORMER_DOMAINS: “{domain}” is no domain. Write www.podcast.example, without "
                "https:// and path; in punycode (xn--…) if it has other letters."
            )
        if domain == urlsplit(site_url).hostname:
            raise ImproperlyConfigured(
                f"FORMER_DOMAINS: {domain} is the host of SITE_URL, to which it would redirect."
            )
    return domains


def redirect_former_domains(get_response: Handler) -> Handler:
    """Send requests to a former domain to the same path and query of SITE_URL.

    Place it below monitoring, which answers any host, and above everything that reads cookies.
    """
    if not settings.FORMER_DOMAINS:
        raise MiddlewareNotUsed

    def handle(request: HttpRequest) -> HttpResponse:
        if split_domain_port(request.get_host())[0] not in settings.FORMER_DOMAINS:
            return get_response(request)
        # 301 for what podcast apps ask, since not all know 308; the latter keeps a POST one.
        response = HttpResponsePermanentRedirect(
            settings.SITE_URL + request.get_full_path(),
            preserve_request=request.method not in ("GET", "HEAD"),
        )
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response

    return handle
