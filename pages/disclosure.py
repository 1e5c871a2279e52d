"""What is said beside links that earn the show a commission."""

from collections.abc import Iterable
from typing import Any

from show.models import Page
from text.affiliates import has_affiliates

EXPLAINED = "affiliate-links"  # the host's page about them


def disclosure(htmls: Iterable[str], urls: Iterable[str] = ()) -> dict[str, Any]:
    """For parts/disclosure.html: whether there is such a link, and the page that explains it.

    One query where there is.
    """
    if not has_affiliates(htmls, urls):
        return {}
    explained = Page.objects.published().filter(slug=EXPLAINED).first()
    return {"has_affiliates": True, "explained": explained}
