"""The people of the show."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import conditional_get
from episodes.counts import public_appearances, public_guests, technologies_in_use
from episodes.models import Episode
from episodes.related import similar_guests
from guests.models import Guest
from pages.indexing import robots, with_worth
from pages.metadata import metadata
from pages.paging import numbered, page_description, page_query, page_title
from pages.redirects import elsewhere, missing
from pages.rendering import page, paginate
from pages.social_image import picture_of
from pages.structured import breadcrumbs, collection, profile
from search.retrieval.mentions import moments_naming
from show.models import CallToAction, Show
from topics.models import Topic

GUESTS = 60  # to a page
FEW = 40  # are found without letters to jump by
MOMENTS = 5
TIP = "best tip"  # how the show's notes introduce the question asked of every guest


@conditional_get
@numbered
def guests(request: HttpRequest, number: int) -> HttpResponse:
    """Who was on the show. The host only where an episode is about him."""
    found = paginate(public_guests(), number, GUESTS)
    if found is None:
        return missing(request)
    show = Show.objects.current()
    appearances = public_appearances().filter(guest__in=[each.pk for each in found])
    return page(
        request,
        "pages/guests.html",
        show=show,
        metadata=metadata(
            show,
            page_title("Guests", number),
            request.path + page_query(number),
            description=page_description(
                f"Everyone who told {show.title} how they run their web apps.", number
            ),
            structured=[
                collection(
                    "Guests",
                    request.path + page_query(number),
                    [(each.name, each.get_absolute_url()) for each in found],
                ),
                breadcrumbs((show.title, reverse("home")), ("Guests", request.path)),
            ],
        ),
        section="guests",
        found=found,
        letters=_letters() if found.paginator.count > FEW else [],
        people=[(guest, list(own)) for guest, own in groupby(appearances, lambda each: each.guest)],
    )


def _letters() -> list[tuple[str, str]]:
    """Each letter that a name begins with, and where in the list's pages its first guest is."""
    first: dict[str, tuple[int, str]] = {}
    names = public_guests().values_list("name", "slug")
    for place, (name, slug) in enumerate(names):
        first.setdefault(name[:1].upper(), (place // GUESTS + 1, slug))
    return [
        (letter, f"{reverse('guests')}{page_query(number)}#of-{slug}")
        for letter, (number, slug) in first.items()
    ]


@conditional_get
def guest(request: HttpRequest, slug: str) -> HttpResponse:
    found = with_worth(public_guests().filter(slug=slug)).first()
    if found is None:
        return elsewhere(request)
    show = Show.objects.current()
    with_them = Episode.objects.published().filter(appearances__guest=found)
    episodes = list(with_them.newest_first().for_cards().select_related("transcript"))
    tip, moments = _moments(episodes)
    names = [name.name for name in found.names.all()]
    named, named_count = moments_naming(names, with_them, limit=MOMENTS)
    title = _title(found, episodes)
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.CORRECT).first()
    return page(
        request,
        "pages/guest.html",
        show=show,
        metadata=metadata(
            show,
            found.name,
            request.path,
            description=f"{found.name} on {show.title}: their episodes and what they run.",
            kind="profile",
            picture=picture_of(found.avatar, "", f"Portrait of {found.name}"),
            robots=robots(found),
            structured=[
                *profile(found, title),
                breadcrumbs(
                    (show.title, reverse("home")),
                    ("Guests", reverse("guests")),
                    (found.name, request.path),
                ),
            ],
        ),
        section="guests",
        guest=found,
        title=title,
        episodes=episodes,
        tip=tip,
        moments=moments,
        named=named,
        named_count=named_count,
        technologies=list(technologies_in_use(with_them, most_used_first=True)),
        similar=list(similar_guests(found)),
        call=call,
    )


def _title(guest: Guest, episodes: list[Episode]) -> str:
    """What they did when last on the show, where the notes say so."""
    appearances = (each for episode in episodes for each in episode.appearances.all())
    own = (each.title for each in appearances if each.guest_id == guest.pk and each.title)
    return next(own, "")


def _moments(episodes: list[Episode]) -> tuple[Topic | None, list[Topic]]:
    """Their best tip, and a few other moments of their newest episode; one query."""
    known = {episode.pk: episode for episode in episodes}
    topics = list(
        Topic.objects.filter(episode__in=known).order_by("-episode__published_at", "seconds")
    )
    for topic in topics:
        topic.episode = known[topic.episode_id]
    tip = next((topic for topic in topics if TIP in topic.plain.lower()), None)
    return tip, [topic for topic in topics if topic is not tip][:MOMENTS]
