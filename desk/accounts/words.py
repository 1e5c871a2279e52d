"""Words that somebody who guesses a password for this desk would try."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from show.models import Show


def show_words() -> set[str]:
    """Of the show's title, people and addresses, and what every show's desk has."""
    show = Show.objects.current()
    texts = (
        show.title, show.tagline, show.author, show.owner_name, str(show.host or ""),
        urlsplit(show.website).hostname or "", urlsplit(settings.SITE_URL).hostname or "",
        "podcast episode admin desk host password",
    )  # fmt: skip
    return set(re.findall(r"\w+", " ".join(texts)))
