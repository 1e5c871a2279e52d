"""Web addresses in show notes: checked, compared, shown."""

import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

# Query parameters that name a campaign, not a page.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")
BLANK_OR_CONTROL = re.compile(r"[\s\x00-\x1f]")
# A name of several parts, in any script: no “localhost”, no “https://..”, no number of IPv6.
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?")
# Where documents and mail programs send links through: host, path, parameters with the address.
REDIRECTS = (
    (re.compile(r"www\.google\.[a-z.]{2,6}"), "/url", ("q", "url")),
    (re.compile(r"[\w-]+\.safelinks\.protection\.outlook\.com"), "/", ("url",)),
    (re.compile(r"lm?\.facebook\.com"), "/l.php", ("u",)),
)


def is_web_url(value: str) -> bool:
    """Whether this is an absolute http(s) address with a host we could link."""
    if not value or BLANK_OR_CONTROL.search(value):
        return False
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it isn't a number
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "\\" in parts.netloc:
        return False
    return bool(HOST.fullmatch(parts.hostname or ""))


def direct_url(url: str) -> str:
    """The address behind a redirect such as `https://www.google.com/url?q=…`; others unchanged."""
    if not is_web_url(url):
        return url
    parts = urlsplit(url)
    for host, path, names in REDIRECTS:
        if host.fullmatch(parts.hostname or "") and parts.path == path:
            stated = parse_qs(parts.query)
            targets = (stated[name][0] for name in names if name in stated)
            return next(filter(is_web_url, targets), url)
    return url


def url_key(url: str) -> str:
    """The unique key: no scheme, `www.`, tracking or final slash. Other text is trimmed."""
    if not is_web_url(url):
        return url.strip()
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([pair for pair in pairs if not TRACKING.fullmatch(pair[0])])
    fragment = parts.fragment and f"#{parts.fragment}"
    return host + port + parts.path.rstrip("/") + (f"?{query}" if query else "") + fragment


def display_url(url: str) -> str:
    """An address as people read it: without scheme, `www.` and final slash."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def name_from_url(url: str) -> str:
    """A library's name as its address tells it: the repository on a forge, else the host."""
    parts = urlsplit(url)
    host = (parts.hostname or url).removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if host in ("github.com", "gitlab.com", "bitbucket.org") and len(steps) >= 2:
        return steps[1].removesuffix(".git")
    if host in ("pypi.org", "npmjs.com", "rubygems.org", "hex.pm") and len(steps) >= 2:
        return steps[-1]
    for suffix in (".readthedocs.io", ".readthedocs.org", ".github.io"):
        if host.endswith(suffix):
            return host.removesuffix(suffix).split(".")[-1]
    return host


def bare_host(url: str) -> str:
    """The host without `www.`, for telling whether an address is on a site; may be empty."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # such as http://[, which leads nowhere
        return ""
