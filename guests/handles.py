"""Handles as people paste them: `@name`, `name@server`, the address of a profile."""

import re
from urllib.parse import urlsplit

FEDIVERSE = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)", re.ASCII)


def handle(pasted: str, *hosts: str) -> str:
    """The user name in `@name` or in a profile's address at one of the hosts; else as pasted."""
    text = pasted.strip()
    try:
        address = urlsplit(text if "//" in text else f"//{text}")
    except ValueError:  # “//[”
        return text
    if (address.hostname or "").removeprefix("www.").removeprefix("mobile.") in hosts:
        return address.path.strip("/").partition("/")[0].removeprefix("@")
    return text.removeprefix("@")


def mastodon_profile(pasted: str) -> str:
    """The address of the profile `@name@server`; else as pasted."""
    text = pasted.strip()
    found = FEDIVERSE.fullmatch(text)
    return f"https://{found[2]}/@{found[1]}" if found else text


def linkedin_profile(pasted: str) -> str:
    """The address of the profile `in/name`; else as pasted."""
    text = pasted.strip()
    return f"https://www.linkedin.com/{text.strip('/')}" if text.startswith("in/") else text
