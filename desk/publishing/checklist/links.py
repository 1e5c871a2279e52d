"""Links that are unsafe, or lead nowhere any more."""

from collections.abc import Iterable, Iterator, Mapping

from desk.publishing.checklist.context import Linked
from desk.publishing.checklist.items import Finding
from linkcheck.models import Link


def check_links(links: Iterable[Linked], answers: Mapping[str, Link]) -> Iterator[Finding]:
    """`answers`: how addresses answered when `check_links` last asked them."""
    for link in links:
        answer = answers.get(without_fragment(link.url))
        if answer and answer.is_dead:
            why = answer.reason or answer.status
            yield Finding("warning", f"{link.url} can’t be opened any more ({why}).", link.place)
        elif link.url.startswith("http://"):
            works = " It works with https://." if answer and answer.https_works else ""
            yield Finding("warning", f"{link.url} is http, not https.{works}", link.place)


def answers_to(links: Iterable[Linked]) -> dict[str, Link]:
    """What is known of these addresses; one query."""
    urls = {without_fragment(link.url) for link in links}
    return {row.url: row for row in Link.objects.filter(url__in=urls)}


def without_fragment(url: str) -> str:
    return url.partition("#")[0]
