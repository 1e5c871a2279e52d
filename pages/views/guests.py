"""The show's guests."""

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import conditional_get
from episodes.counts import public_appearances, public_guests, technologies_in_use
from episodes.models import Episode
from episodes.related import similar_guests
from guests.models import Guest
from pages.indexing import robots_of, with_indexing
from pages.json_ld.site import breadcrumbs, listing, profile
from pages.metadata import metadata
from pages.page_cards import list_image
from pages.paging import page_description, page_query, page_title, paginate, with_page_number
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from pages.social_image import stored_image
from search.retrieval.entity_moments import latest_entity_moments
from search.retrieval.latest_moments import LatestMoment
from show.models import CallToAction, Show
from topics.credits import credited
from topics.models import Topic

PER_PAGE = 60
FEWEST_FOR_LETTERS = 40  # a shorter list needs no letters to jump to
MOMENTS = 5
TIP = "best tip"  # how show notes introduce the question that every guest is asked


@conditional_get
@with_page_number
def guests(request: HttpRequest, number: int) -> HttpResponse:
    """All guests; the host only if an episode is about them."""
    found = paginate(public_guests(), number, PER_PAGE)
    if found is None:
        return not_found(request)
    show = Show.objects.current()
    appearances = public_appearances().filter(guest__in=[each.pk for each in found])
    description = f"Everyone who told {show.title} how they run their web apps."
    return render_page(
        request,
        "pages/guests.html",
        metadata(
            show,
            page_title("Guests", number),
            request.path + page_query(number),
            description=page_description(description, number),
            image=list_image(show, "guests"),
            json_ld=listing(show, [("Guests", request.path)], found, query=page_query(number)),
        ),
        section="guests",
        found=found,
        letters=_letters() if found.paginator.count > FEWEST_FOR_LETTERS else [],
        people=[(guest, list(own)) for guest, own in groupby(appearances, lambda each: each.guest)],
    )


def _letters() -> list[tuple[str, str]]:
    """Each initial letter, and the address of its first guest in the list."""
    first: dict[str, tuple[int, str]] = {}
    names = public_guests().values_list("name", "slug")
    for place, (name, slug) in enumerate(names):
        first.setdefault(name[:1].upper(), (place // PER_PAGE + 1, slug))
    return [
        (letter, f"{reverse('guests')}{page_query(number)}#of-{slug}")
        for letter, (number, slug) in first.items()
    ]


@conditional_get
def guest(request: HttpRequest, slug: str) -> HttpResponse:
    found = with_indexing(public_guests().filter(slug=slug)).first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    with_them = Episode.objects.published().filter(appearances__guest=found)
    episodes = list(with_them.newest_first().for_cards())
    tip, moments = _moments(found, episodes)
    names = [name.name for name in found.names.all()]
    entity_moments, entity_moment_count = latest_entity_moments(names, with_them, limit=MOMENTS)
    title = _title(found, episodes)
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.CORRECT).first()
    return render_page(
        request,
        "pages/guest.html",
        metadata(
            show,
            found.name,
            request.path,
            description=f"{found.name} on {show.title}: their episodes and what they run.",
            og_type="profile",
            image=stored_image(found.avatar, "", f"Portrait of {found.name}"),
            robots=robots_of(found),
            json_ld=[
                *profile(found, title),
                breadcrumbs(show, ("Guests", reverse("guests")), (found.name, request.path)),
            ],
        ),
        section="guests",
        guest=found,
        title=title,
        episodes=episodes,
        tip=tip,
        moments=moments,
        entity_moments=entity_moments,
        entity_moment_count=entity_moment_count,
        technologies=list(technologies_in_use(with_them, most_used_first=True)),
        similar=list(similar_guests(found)),
        call=call,
    )


def _title(guest: Guest, episodes: list[Episode]) -> str:
    """The guest's title in their newest episode that states one."""
    appearances = (each for episode in episodes for each in episode.appearances.all())
    own = (each.title for each in appearances if each.guest_id == guest.pk and each.title)
    return next(own, "")


def _said_by(text: str, people: Sequence[Guest]) -> tuple[str, ...]:
    return credited(text, [guest.name for guest in people])


def _moments(
    guest: Guest, episodes: list[Episode]
) -> tuple[LatestMoment | None, list[LatestMoment]]:
    """Their best tip, and other moments, newest episode first, without what is credited to another
    guest; one query.
    """
    by_key = {episode.pk: episode for episode in episodes}
    people = {
        episode.pk: tuple(each.guest for each in episode.appearances.all()) for episode in episodes
    }
    topics = Topic.objects.filter(episode__in=by_key).order_by("-episode__published_at", "seconds")
    moments = [
        LatestMoment(by_key[key], seconds, plain, None, _said_by(plain, people[key]), people[key])
        for key, seconds, plain in topics.values_list("episode", "seconds", "plain")
    ]
    own = [moment for moment in moments if guest.name in moment.guests]
    tip = next((moment for moment in own if TIP in moment.plain.lower()), None)
    return tip, [moment for moment in own if moment is not tip][:MOMENTS]
