"""An episode's title without the number, which apps and pages add. Pure."""

import re

NAMES = r"(?:episode|episodio|épisode|episódio|folge|ep|e|nr|no|n[°º]|s\d{1,3}\s?e)"


def clean_title(title: str, number: int | None) -> str:
    """`#12 - A site`, `Ep. 12: A site` and `12. A site` of number 12 are all `A site`."""
    if number is None:
        return title
    prefix = rf"\W?(?:{NAMES}\.?\s*)?#?\s?0*{number}\W?(?:\s*[:|.)–—-]+\s+|\s+[–—-]+\s*)(?=\S)"
    return re.sub(rf"^{prefix}", "", title, flags=re.IGNORECASE)
