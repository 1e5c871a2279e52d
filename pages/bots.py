"""Who asks for a page, as far as its request tells."""

import re

from django.http import HttpRequest

ROBOTS = re.compile(
    r"bot\b|crawl|spider|slurp|fetch|monitor|preview|curl|wget|python|http-?client", re.IGNORECASE
)
AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # how browsers say that nobody looks yet


def is_reading(request: HttpRequest) -> bool:
    """Whether a person looks at what is answered, and not a robot, or a browser ahead of one."""
    agent = request.headers.get("User-Agent", "")
    is_ahead = any("prefetch" in request.headers.get(name, "") for name in AHEAD)
    return request.method == "GET" and bool(agent) and not (is_ahead or ROBOTS.search(agent))
