"""The texts that a new installation has. A template knows which of them it began as."""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.models import Outlet


@dataclass(frozen=True, slots=True)
class ShippedText:
    name: str
    outlet: Outlet
    text: str


# Networks show the picture of the first link. What may be left out comes last.
MASTODON = """\
New on {show}: {title}
{url}

With {handle}.

At {quote_time}: {quote}
{quote_url}

{hashtags}

{summary}
"""

BLUESKY = """\
{title}
{url}

With {handle}.

At {quote_time}: {quote}

{hashtags}
"""

X = """\
{title}
{url}

With {handle}.

At {quote_time}: {quote}
{quote_url}
"""

LINKEDIN = """\
New on {show}: {title}
{url}

With {guest}.

{summary}

At {quote_time}: {quote}
{quote_url}

{hashtags}
"""

NEWSLETTER = """\
## [{title}]({url})

{picture}

{summary}

With {guest}.
Stack: {technologies}

**{quote_time}** [{quote}]({quote_url})

[Go to the episode]({url})
{length}
"""

CHAT = """\
{title}: {short_url}

{quote_time} {quote}: {quote_short_url}
"""

VIDEO = """\
{summary}

Show notes, links and transcript: {url}
Guest: {guest}
Stack: {technologies}

{chapters}

More episodes of {show}: {home}
"""

MAIL = """\
Hi {first_name},

Your episode of {show} is out: {title}
{url}

To share a part of it, copy the link on a topic’s time: it plays from there.
If something isn’t right, reply to this mail and I’ll correct it.

Thank you for being on the show!
{host}
"""

# By key, in the order in which the list has them.
SHIPPED: Mapping[str, ShippedText] = {
    "mastodon": ShippedText("Mastodon", Outlet.MASTODON, MASTODON),
    "bluesky": ShippedText("Bluesky", Outlet.BLUESKY, BLUESKY),
    "x": ShippedText("X", Outlet.X, X),
    "linkedin": ShippedText("LinkedIn", Outlet.LINKEDIN, LINKEDIN),
    "chat": ShippedText("Chat", Outlet.OTHER, CHAT),
    "newsletter": ShippedText("Newsletter", Outlet.NEWSLETTER, NEWSLETTER),
    "video": ShippedText("Video description", Outlet.OTHER, VIDEO),
    "mail": ShippedText("Mail to the guest", Outlet.OTHER, MAIL),
}


def original_of(shipped: str, outlet: str) -> str:
    """The text that this key names, else the first that is sent there."""
    if shipped in SHIPPED:
        return SHIPPED[shipped].text
    return next((each.text for each in SHIPPED.values() if each.outlet == outlet), CHAT)
