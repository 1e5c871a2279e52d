"""Affiliate links, given rel=sponsored when a text is read (Google, “Qualify outbound links”)."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from text.urls import bare_host

# Hosts of nothing but affiliate links: shops' short links and affiliate networks.
HOSTS = frozenset(
    """amzn.to m.do.co shareasale.com shareasale-analytics.com awin1.com
    anrdoezrs.net dpbolvw.net jdoqocy.com kqzyfj.com tkqlhce.com linksynergy.com pxf.io sjv.io
    evyy.net prf.hn partnerize.com skimresources.com viglink.com""".split()
)
# Parameters that mean a commission on any host. “ref” and “via” only name a referrer.
PARAMETERS = frozenset(
    """a_aid aff aff_id affid affiliate affiliate_id fp_ref irclickid irgwc refcode
    referral_code rfsn""".split()
)
# Shops with a parameter, or the beginning of a path, of their own.
SHOPS = (
    (re.compile(r"(?:^|\.)amazon\.[a-z.]{2,6}$"), "tag", None),
    (re.compile(r"(?:^|\.)(?:namesilo|namecheap)\.com$"), "rid", None),
    (re.compile(r"(?:^|\.)linode\.com$"), "r", None),
    (re.compile(r"(?:^|\.)vultr\.com$"), "ref", None),
    (re.compile(r"(?:^|\.)usefathom\.com$"), None, "/ref/"),
    (re.compile(r"(?:^|\.)gumroad\.com$"), None, "/a/"),
)
LINK = re.compile(r"<a (?P<attributes>[^>]*)>")
HREF = re.compile(r'(?:^| )href="([^"]*)"')
REL = re.compile(r' ?\brel="([^"]*)"')


@lru_cache(maxsize=4096)
def is_affiliate(url: str) -> bool:
    """Whether the address looks as if it earned a commission."""
    host = bare_host(url)
    if not host:
        return False
    parts = urlsplit(url)
    if host in HOSTS or any(host.endswith(f".{each}") for each in HOSTS):
        return True
    given = {name for name, _ in parse_qsl(parts.query)}
    if PARAMETERS & {name.lower() for name in given}:
        return True
    return any(
        shop.search(host) and (name in given or bool(path and parts.path.startswith(path)))
        for shop, name, path in SHOPS
    )


def rel_of(url: str, rel: str = "noopener") -> str:
    """The link's `rel`: “sponsored” first for affiliate links, then `rel`."""
    return f"sponsored {rel}".strip() if is_affiliate(url) else rel


def mark_affiliates(html: str, is_paid: Callable[[str], bool] = is_affiliate) -> str:
    """Our own HTML with rel=sponsored on affiliate links."""

    def mark(match: re.Match[str]) -> str:
        attributes = match["attributes"]
        href = HREF.search(attributes)
        if not href or not href[1].startswith("http") or not is_paid(unescape(href[1])):
            return match[0]
        rel = REL.search(attributes)
        words = ["sponsored", *(rel[1].split() if rel else [])]
        return f'<a {REL.sub("", attributes)} rel="{" ".join(dict.fromkeys(words))}">'

    return LINK.sub(mark, html) if "<a " in html else html


def mark_sponsored(html: str) -> str:
    """Our own HTML with rel=sponsored on every external link: for sponsors and promotions."""
    return mark_affiliates(html, lambda url: True)


def has_affiliates(htmls: Iterable[str], urls: Iterable[str] = ()) -> bool:
    """Whether any link in these texts, or any of these addresses, is an affiliate link."""
    return any(map(is_affiliate, urls)) or any(
        is_affiliate(unescape(url)) for html in htmls for url in HREF.findall(html)
    )
