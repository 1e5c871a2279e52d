"""The texts a new installation begins with, by name. The host changes or deletes them."""

SHORT_POST = """\
New on {show}: {title}

With {handle}.
{url}
"""

NEWSLETTER = """\
{title}

{summary}
{guest} tells how it runs in production: {technologies}.
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

The time beside each topic is a link that plays from there, should you want to share a part of it.
If something isn’t right, answer this mail and I’ll correct it.

Thank you for being on the show!
{host}
"""

DEFAULT_TEXTS = {
    "Short post": SHORT_POST,
    "Newsletter": NEWSLETTER,
    "Video description": VIDEO,
    "Mail to the guest": MAIL,
}
