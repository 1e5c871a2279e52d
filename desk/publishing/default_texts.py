"""Text templates of a new installation, by name. The host can change or delete them."""

SHORT_POST = """\
New on {show}: {title}

With {handle}.
{url}
"""

NEWSLETTER = """\
{title}

{summary}
{guest} explains how it runs in production: {technologies}.
Listen ({length}): {url}
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

DEFAULT_TEXTS = {
    "Short post": SHORT_POST,
    "Newsletter": NEWSLETTER,
    "Video description": VIDEO,
    "Mail to the guest": MAIL,
}
