"""Handles as people paste them: `@name`, `name@server`, the address of a profile."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

# With a scheme, or with a path after the host's name.
ADDRESS = re.compile(
    r"(?<![\w@.-])(?:https?://|(?:[a-z0-9-]+\.)+[a-z]{2,}/)[^\s<>\"]+", re.IGNORECASE
)
FEDIVERSE = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)", re.ASCII)
WORD = re.compile(r"[\w-]+")
# YouTube's addresses of channels: /@name, and three that are older.
OLD_CHANNELS = ("channel", "c", "user")
NO_CHANNELS = ("watch", "shorts", "live", "embed", "v", "playlist", "results", "hashtag", "feed")


def pasted_address(pasted: str) -> str:
    """The address in `<https://…>` or with text around it; else as pasted, without `<` and `>`."""
    text = pasted.strip()
    found = ADDRESS.search(text)
    if not found or found[0] == text:
        return text.removeprefix("<").removesuffix(">")
    address = found[0].rstrip(".,;:!?")
    return address if "(" in address else address.partition(")")[0]


def handle(pasted: str, *hosts: str) -> str:
    """The user name in `@name` or in a profile's address at one of the hosts; else as pasted."""
    text = pasted_address(pasted)
    address = _address(text)
    if address and _host(address) in hosts:
        return address.path.strip("/").partition("/")[0].removeprefix("@") or text
    return text.removeprefix("@")


def twitter_handle(pasted: str) -> str:
    return handle(pasted, "twitter.com", "x.com")


def github_handle(pasted: str) -> str:
    return handle(pasted, "github.com")


def bluesky_handle(pasted: str) -> str:
    """The handle, which is a domain, in `@name.bsky.social`, in `name` or in a profile's address;
    else as pasted.
    """
    text = pasted_address(pasted)
    address = _address(text)
    if address and _host(address) == "bsky.app" and address.path.startswith("/profile/"):
        return address.path.split("/")[2].lower()
    name = text.removeprefix("@")
    return f"{name}.bsky.social".lower() if WORD.fullmatch(name) else name.lower()


def mastodon_profile(pasted: str) -> str:
    """The address of the profile `@name@server`, or whose post is pasted; else as pasted."""
    text = pasted_address(pasted)
    found = FEDIVERSE.fullmatch(text)
    if found:
        return f"https://{found[2]}/@{found[1]}"
    address = _address(text)
    name = address.path.split("/")[1] if address and address.path.startswith("/@") else ""
    return f"https://{address.netloc}/{name}" if address and WORD.fullmatch(name[1:]) else text


def youtube_channel(pasted: str) -> str:
    """The address of the channel `@name`, or of which a page is pasted; else as pasted."""
    text = pasted_address(pasted)
    name = text.removeprefix("@")
    if WORD.fullmatch(name) or (name != text and re.fullmatch(r"[\w.-]+", name)):
        return f"https://www.youtube.com/@{name}"
    address = _address(text)
    if address is None or _host(address) != "youtube.com":
        return text
    first, _, others = address.path.strip("/").partition("/")
    if first.lower() in NO_CHANNELS:
        return text
    second = others.partition("/")[0]
    path = f"{first}/{second}" if first in OLD_CHANNELS and second else first
    return f"https://www.youtube.com/{path}"


def linkedin_profile(pasted: str) -> str:
    """The address of the profile `in/name` or `name`, without tracking; else as pasted."""
    text = pasted_address(pasted)
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

# What to call each column's network, and what to enter there.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "github": ("GitHub", "Enter their username, or paste the address of their profile."),
    "mastodon": (
        "Mastodon",
        "Enter @name@server, such as @maria@mastodon.social, or paste their profile's address.",
    ),
    "bluesky": ("Bluesky", "Enter @name.bsky.social, or paste the address of their profile."),
    "linkedin": (
        "LinkedIn",
        "Paste the address of their profile, such as https://www.linkedin.com/in/maria.",
    ),
    "youtube": ("YouTube", "Enter @name, or paste the address of their channel."),
    "twitter": ("Twitter", "Enter their username, or paste the address of their profile."),
}
NETWORKS = {
    "github.com": "GitHub", "bsky.app": "Bluesky", "linkedin.com": "LinkedIn",
    "youtube.com": "YouTube", "youtu.be": "YouTube", "twitter.com": "Twitter", "x.com": "Twitter",
    "facebook.com": "Facebook", "instagram.com": "Instagram", "threads.net": "Threads",
    "threads.com": "Threads", "tiktok.com": "TikTok", "reddit.com": "Reddit",
    "gitlab.com": "GitLab", "stackoverflow.com": "Stack Overflow",
}  # fmt: skip
HOLD_ADDRESSES = ("mastodon", "linkedin", "youtube")  # the others hold names
is_url = URLValidator(schemes=["http", "https"])


def refusal(column: str, found: str) -> str:
    """Why a column of PROFILES can't take what was found in the paste; empty if it can."""
    own, advice = COLUMNS[column]
    address = _address(found) if "/" in found else None
    site = _site(address) if address else ""
    if site and site != own and not (column == "mastodon" and site not in NETWORKS.values()):
        return f"This is an address at {site}, not at {own}. {advice}"
    if column == "youtube" and address and _is_video(address):
        return f"This is no channel. {advice}"
    if column not in HOLD_ADDRESSES:
        return advice if address else ""
    try:
        is_url(found)
    except ValidationError:
        return f"Which server are they on? {advice}" if _is_name(column, found) else advice
    return ""


def _is_name(column: str, found: str) -> bool:
    return column == "mastodon" and bool(WORD.fullmatch(found.removeprefix("@")))


def _is_video(address: SplitResult) -> bool:
    """Whether an address at YouTube is a video's or a list's."""
    first = address.path.strip("/").partition("/")[0].lower()
    return _host(address) == "youtu.be" or first in NO_CHANNELS


def _site(address: SplitResult) -> str:
    """The network's name; of others the host's."""
    host = address.hostname or ""
    for known, name in NETWORKS.items():
        if f".{host}".endswith(f".{known}"):
            return name
    return host.removeprefix("www.")


def _address(text: str) -> SplitResult | None:
    try:
        address = urlsplit(text if "//" in text else f"//{text}")
        return address if address.hostname else None
    except ValueError:  # “//[”
        return None


def _host(address: SplitResult) -> str:
    host = address.hostname or ""
    return host.removeprefix("www.").removeprefix("mobile.").removeprefix("m.")
