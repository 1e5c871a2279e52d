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

# Where libraries have their pages: their name is the second step of the path, the last, the first.
FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sourceforge.net")
PACKAGES = (
    "pypi.org", "pypi.python.org", "npmjs.com", "rubygems.org", "hex.pm", "packagist.org",
    "crates.io", "nuget.org",
)  # fmt: skip
ONE_STEP = ("docs.rs", "hexdocs.pm", "pythonhosted.org")
PAGES = re.compile(r"(?P<owner>[\w-]+)\.(?:github|gitlab)\.io")
DOCS = re.compile(r"(?:[\w-]+\.)*?(?P<name>[\w-]+)\.(?:readthedocs\.(?:io|org)|rtfd\.io)")
# Parts of a host that name no project.
GENERIC = ("api", "dev", "developer", "developers", "doc", "docs", "documentation", "wiki")
SECOND_LEVEL = ("ac", "co", "com", "net", "org")  # before a country: .co.uk


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
    """A library's name as its address tells it: repository, package, else the site."""
    parts = urlsplit(url)
    host = (parts.hostname or url).removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if host in FORGES:
        return steps[1].removesuffix(".git") if len(steps) >= 2 else host
    if host in PACKAGES:
        return steps[-1] if len(steps) >= 2 else host
    if host in ONE_STEP:
        return steps[0] if steps else host
    if host == "aws.amazon.com" and steps:
        return f"aws-{steps[0]}"
    if found := PAGES.fullmatch(host):
        return steps[0] if steps else found["owner"]
    if found := DOCS.fullmatch(host):
        return found["name"]
    return _site_name(host)


def _site_name(host: str) -> str:
    """`graphene-python` of docs.graphene-python.org; the host if it has no such part."""
    *labels, _ = host.rstrip(".").split(".")
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    named = [label for label in labels if label not in GENERIC] or labels
    return next((label for label in named[:1] if not label.isdigit()), host)


def bare_host(url: str) -> str:
    """The host without `www.`, for telling whether an address is on a site; may be empty."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # such as http://[, which leads nowhere
        return ""
