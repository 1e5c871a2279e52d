"""Tells people from bots by what their requests say."""

import re

from django.http import HttpRequest

BOTS = re.compile(
    r"bot\b|crawl|spider|slurp|fetch|monitor|preview|curl|wget|python|http-?client", re.IGNORECASE
)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Moz")


def is_page_view(request: HttpRequest) -> bool:
    """Whether a person reads the answer: neither a bot nor a browser that prefetches."""
    agent = request.headers.get("User-Agent", "")
    is_prefetch = any("prefetch" in request.headers.get(name, "") for name in PREFETCH_HEADERS)
    return request.method == "GET" and bool(agent) and not (is_prefetch or BOTS.search(agent))
