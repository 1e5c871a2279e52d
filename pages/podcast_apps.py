"""Links that add any feed to a podcast app, by the schemes the apps register for that."""

from dataclasses import dataclass
from urllib.parse import quote

# `{bare}`: the feed's address without https://; `{quoted}`: the whole of it, percent-encoded.
# Only apps whose scheme takes any feed; the others ask for the address.
APPS = (
    ("Apple Podcasts", "podcast://{bare}"),
    ("Overcast", "overcast://x-callback-url/add?url={quoted}"),
    ("Pocket Casts", "pktc://subscribe/{bare}"),
    ("AntennaPod", "https://antennapod.org/deeplink/subscribe?url={quoted}"),
    ("Castro", "castro://subscribe/{bare}"),
    ("Podcast Addict", "podcastaddict://{bare}"),
)


@dataclass(frozen=True, slots=True)
class AppLink:
    """Opens this app, where installed, with the feed ready to be followed."""

    name: str
    url: str


def app_links(address: str) -> list[AppLink]:
    """The links for the feed at this absolute address."""
    bare = address.partition("://")[2]
    quoted = quote(address, safe="")
    return [AppLink(name, pattern.format(bare=bare, quoted=quoted)) for name, pattern in APPS]
