"""Handles as people paste them: `@name`, `name@server`, the address of a profile."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, urlsplit

FEDIVERSE = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)", re.ASCII)
WORD = re.compile(r"[\w-]+")
# YouTube's addresses of channels: /@name, and three that are older.
OLD_CHANNELS = ("channel", "c", "user")


def handle(pasted: str, *hosts: str) -> str:
    """The user name in `@name` or in a profile's address at one of the hosts; else as pasted."""
    text = pasted.strip()
    address = _address(text)
    if address and _host(address) in hosts:
        return address.path.strip("/").partition("/")[0].removeprefix("@")
    return text.removeprefix("@")


def twitter_handle(pasted: str) -> str:
    return handle(pasted, "twitter.com", "x.com")


def github_handle(pasted: str) -> str:
    return handle(pasted, "github.com")


def bluesky_handle(pasted: str) -> str:
    """The handle, which is a domain, in `@name.bsky.social`, in `name` or in a profile's address;
    else as pasted.
    """
    text = pasted.strip()
    address = _address(text)
    if address and _host(address) == "bsky.app" and address.path.startswith("/profile/"):
        return address.path.split("/")[2].lower()
    name = text.removeprefix("@")
    return f"{name}.bsky.social".lower() if WORD.fullmatch(name) else name.lower()


def mastodon_profile(pasted: str) -> str:
    """The address of the profile `@name@server`, or whose post is pasted; else as pasted."""
    text = pasted.strip()
    found = FEDIVERSE.fullmatch(text)
    if found:
        return f"https://{found[2]}/@{found[1]}"
    address = _address(text)
    name = address.path.split("/")[1] if address and address.path.startswith("/@") else ""
    return f"https://{address.netloc}/{name}" if address and WORD.fullmatch(name[1:]) else text


def youtube_channel(pasted: str) -> str:
    """The address of the channel `@name`, or of which a page is pasted; else as pasted."""
    text = pasted.strip()
    name = text.removeprefix("@")
    if WORD.fullmatch(name) or (name != text and re.fullmatch(r"[\w.-]+", name)):
        return f"https://www.youtube.com/@{name}"
    address = _address(text)
    if address is None or _host(address) != "youtube.com":
        return text
    first, _, others = address.path.strip("/").partition("/")
    second = others.partition("/")[0]
    path = f"{first}/{second}" if first in OLD_CHANNELS and second else first
    return f"https://www.youtube.com/{path}"


def linkedin_profile(pasted: str) -> str:
    """The address of the profile `in/name` or `name`, without tracking; else as pasted."""
    text = pasted.strip()
    name = text.removeprefix("@")
    if WORD.fullmatch(name):
        return f"https://www.linkedin.com/in/{name}"
    address = _address(text)
    if text.startswith("in/"):
        return f"https://www.linkedin.com/{text.strip('/')}"
    if address and f".{_host(address)}".endswith(".linkedin.com") and address.path.strip("/"):
        return f"https://www.linkedin.com/{address.path.strip('/')}"
    return text


# The columns of a guest's profiles elsewhere, and what finds their values in what is pasted.
PROFILES: Mapping[str, Callable[[str], str]] = {
    "github": github_handle,
    "mastodon": mastodon_profile,
    "bluesky": bluesky_handle,
    "linkedin": linkedin_profile,
    "youtube": youtube_channel,
    "twitter": twitter_handle,
}


def _address(text: str) -> SplitResult | None:
    try:
        address = urlsplit(text if "//" in text else f"//{text}")
        return address if address.hostname else None
    except ValueError:  # “//[”
        return None


def _host(address: SplitResult) -> str:
    host = address.hostname or ""
    return host.removeprefix("www.").removeprefix("mobile.").removeprefix("m.")
