"""The site, the show, people, and pages that list others."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from episodes.addresses import absolute_url
from guests.models import Guest
from show.models import FollowLink, Show
from text.markup import words_of

Node = dict[str, Any]


def node(type_: str, **values: Any) -> Node:
    """A node without unknown values. Numbers stay: episode 0, second 0. `id` becomes `@id`."""
    given = {"@type": type_, "@id": values.pop("id", None)} | values
    return {key: value for key, value in given.items() if value not in (None, "", [], {})}


def website(show: Show) -> Node:
    search = absolute_url(reverse("search")) + "?q={search_term_string}"
    action = node("SearchAction", target=node("EntryPoint", urlTemplate=search))
    return node(
        "WebSite",
        id=_website_id(),
        name=show.title,
        url=absolute_url(reverse("home")),
        description=show.description,
        inLanguage=show.language,
        publisher={"@id": _series_id()},
        potentialAction=action | {"query-input": "required name=search_term_string"},
    )


def series(show: Show, follow_links: Iterable[FollowLink] = ()) -> Node:
    """The podcast as a whole, with its pages in apps."""
    return series_reference(show) | node(
        "PodcastSeries",
        description=show.description,
        inLanguage=show.language,
        image=absolute_url(show.artwork_address),
        author=host(show),
        sameAs=[link.url for link in follow_links],
    )


def series_reference(show: Show) -> Node:
    """What an episode says of its podcast."""
    return node(
        "PodcastSeries",
        id=_series_id(),
        name=show.title,
        url=absolute_url(reverse("episodes")),
        webFeed=absolute_url(reverse("feed")),
    )


def person(guest: Guest, title: str = "", **values: Any) -> Node:
    given = {
        "name": guest.name,
        "url": absolute_url(guest.get_absolute_url()),
        "jobTitle": title,
        "image": absolute_url(guest.largest_address),
        "sameAs": guest.profiles,
    }
    return node("Person", **given | values)


def host(show: Show) -> Node | None:
    """The show's host, whose page is the home page: a host may have no page as a guest."""
    if show.host is None:
        return None
    home = absolute_url(reverse("home"))
    return person(show.host, id=f"{home}#host", url=home)


def profile(guest: Guest, title: str = "") -> list[Node]:
    """A guest's page, and the guest."""
    url = absolute_url(guest.get_absolute_url())
    description = words_of(guest.introduction_html)
    own = person(guest, title, id=f"{url}#person", description=description)
    return [node("ProfilePage", url=url, name=guest.name, mainEntity={"@id": own["@id"]}), own]


def listing(
    show: Show,
    steps: Sequence[tuple[str, str]],
    rows: Iterable[Any] = (),
    *,
    title: str = "",
    query: str = "",
    label: str = "name",
    about: Node | None = None,
) -> list[Node]:
    """A page that lists rows by their attribute `label`, and its breadcrumbs, which end with it.

    `title` and `query` are the page's own, if they differ from that breadcrumb's.
    """
    name, path = steps[-1]
    items = _numbered("url", [(getattr(row, label), row.get_absolute_url()) for row in rows])
    page = node(
        "CollectionPage",
        url=absolute_url(path + query),
        name=title or name,
        isPartOf={"@id": _website_id()},
        about=about,
        mainEntity=node("ItemList", itemListElement=items) if items else None,
    )
    return [page, breadcrumbs(show, *steps)]


def thing(name: str, path: str, url: str = "") -> Node:
    """A technology or library; `url` is its own page on the web."""
    return node("Thing", name=name, url=absolute_url(path), sameAs=url)


def breadcrumbs(show: Show, *steps: tuple[str, str]) -> Node:
    """The way from the home page down to this page: (name, path) of each step."""
    home = (show.title, reverse("home"))
    return node("BreadcrumbList", itemListElement=_numbered("item", [home, *steps]))


def _numbered(key: str, items: Iterable[tuple[str, str]]) -> list[Node]:
    return [
        node("ListItem", position=position, name=name, **{key: absolute_url(path)})
        for position, (name, path) in enumerate(items, start=1)
    ]


def _website_id() -> str:
    return absolute_url(reverse("home")) + "#website"


def _series_id() -> str:
    return absolute_url(reverse("episodes")) + "#series"
