"""What networks allow and how they name people."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from desk.models import Outlet
from desk.texts.lengths import graphemes, mastodon_length, utf16_units, x_length
from guests.models import Guest

PROFILE = re.compile(r"/(?:@|users/)(\w+)/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rules:
    """`most`: the longest text, None without a limit. `handle`: empty if the guest has none there,
    None where nobody is addressed by one. `share`: opens a page that writes the text; {} is it.
    """

    count: Callable[[str], int] = utf16_units
    most: int | None = None
    handle: Callable[[Guest], str] | None = None
    share: str = ""
    counts: str = ""  # how it counts, in words


def mastodon_handle(guest: Guest) -> str:
    """`@name@server` of a profile's address; empty for other addresses."""
    parts = urlsplit(guest.mastodon)
    name = PROFILE.fullmatch(parts.path)
    return f"@{name[1]}@{parts.netloc}" if name and parts.netloc else ""


def bluesky_handle(guest: Guest) -> str:
    """Empty also for an identifier (`did:`), which nobody is addressed by."""
    return f"@{guest.bluesky}" if guest.bluesky and ":" not in guest.bluesky else ""


def x_handle(guest: Guest) -> str:
    return f"@{guest.twitter}" if guest.twitter else ""


RULES: dict[str, Rules] = {
    Outlet.MASTODON: Rules(
        mastodon_length,
        500,
        mastodon_handle,
        "https://share.joinmastodon.org/#text={}",
        "a link counts as 23, and a handle without its server",
    ),
    Outlet.BLUESKY: Rules(
        graphemes, 300, bluesky_handle, "https://bsky.app/intent/compose?text={}"
    ),
    Outlet.X: Rules(
        x_length,
        280,
        x_handle,
        "https://x.com/intent/post?text={}",
        "a link counts as 23, an emoji as 2",
    ),
    Outlet.LINKEDIN: Rules(most=3000),
    Outlet.NEWSLETTER: Rules(),
    Outlet.OTHER: Rules(),
}


def rules_of(outlet: str) -> Rules:
    """Those of a place without rules for an unknown value."""
    return RULES.get(outlet, RULES[Outlet.OTHER])


def share_address(outlet: str, text: str, url: str) -> str:
    """The network's page that begins a post with this text; empty where there is none.

    LinkedIn takes only the link.
    """
    if outlet == Outlet.LINKEDIN:
        return f"https://www.linkedin.com/sharing/share-offsite/?url={quote(url, safe='')}"
    share = rules_of(outlet).share
    return share.format(quote(text, safe="")) if share else ""
