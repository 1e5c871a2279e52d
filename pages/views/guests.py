"""The show's guests."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.counts import public_guests, technologies_of_guests
from episodes.filters import Filters
from episodes.models import Episode, EpisodeQuerySet
from episodes.related import similar_guests
from guests.models import Guest
from pages.cached_counts import saved_questions
from pages.guest_list import listed_guests
from pages.indexing import NOINDEX, robots_of, with_indexing
from pages.json_ld.site import breadcrumbs, listing, profile
from pages.metadata import metadata
from pages.page_cards import list_image
from pages.paging import page_description, page_title, paginate
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from pages.social_image import portrait_of
from pages.stack_filter import narrowed_title, with_technologies
from pages.voices import MOMENTS, VOICES, one_of_each
from search.models import Question
from search.retrieval.entity_moments import latest_entity_moments
from search.retrieval.latest_moments import LatestMoment
from search.saved_questions import topics_with_questions
from show.models import CallToAction, Show
from stack.models import Technology
from topics.credits import credited

PER_PAGE = 60
FEWEST_FOR_LETTERS = 40  # a shorter list needs no letters to jump to
FEW = 5
FEWEST_ANSWERS = 3  # so many say enough; fewer leave room for other moments
TIP = "best tip"  # how show notes introduce a question that most guests are asked


@conditional_get
@with_technologies
def guests(request: CacheableRequest, filters: Filters) -> HttpResponse:
    """All guests, the host only if an episode is about them; `?stack=` leaves who runs it."""
    show, number = Show.objects.current(), filters.page
    episodes = filters.apply(Episode.objects.published(), show.zone)
    found = paginate(public_guests(episodes), number, PER_PAGE)
    if found is None:
        return not_found(request)
    title = page_title(narrowed_title("Guests", filters), number)
    description = f"Everyone who told {show.title} how they run their web apps."
    return render_page(
        request,
        "pages/guests.html",
        metadata(
            show,
            title,
            request.path + ("" if filters.is_narrow else filters.query),
            description=page_description(description, number),
            image=list_image(show, "guests"),
            robots=NOINDEX if filters.is_narrow else "",  # the whole list represents them
            json_ld=listing(show, [("Guests", request.path)], found, query=filters.query),
        ),
        section="guests",
        filters=filters,
        found=found,
        letters=_letters(episodes, filters) if found.paginator.count > FEWEST_FOR_LETTERS else [],
        people=listed_guests(found, episodes, filters.stack),
        technologies=per_content_version(
            request, "technologies-of-guests", lambda: list(technologies_of_guests())
        ),
    )


def _letters(episodes: EpisodeQuerySet, filters: Filters) -> list[tuple[str, str]]:
    """Each initial letter, and the address of its first guest in the list."""
    first: dict[str, tuple[int, str]] = {}
    names = public_guests(episodes).values_list("name", "slug")
    for place, (name, slug) in enumerate(names):
        first.setdefault(name[:1].upper(), (place // PER_PAGE + 1, slug))
    return [
        (letter, f"{reverse('guests')}{filters.on_page(number).query}#of-{slug}")
        for letter, (number, slug) in first.items()
    ]


@conditional_get
def guest(request: CacheableRequest, slug: str) -> HttpResponse:
    found = with_indexing(public_guests().filter(slug=slug)).first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    with_them = Episode.objects.published().filter(appearances__guest=found)
    episodes = list(with_them.newest_first().for_cards())
    own = _own_moments(found, episodes, saved_questions(request), show)
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
            description=_description(found, title, episodes, show),
            og_type="profile",
            image=portrait_of(found),
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
        tip=own.tip,
        answers=own.answers,
        is_shared=own.is_shared,
        moments=own.others[:FEW] if len(own.answers) < FEWEST_ANSWERS else [],
        voices=one_of_each(entity_moments, VOICES),
        entity_moment_count=entity_moment_count,
        technologies=_technologies(episodes),
        similar=list(similar_guests(found)),
        call=call,
    )


def _title(guest: Guest, episodes: list[Any]) -> str:
    """The guest's title in their newest episode that states one."""
    appearances = (each for episode in episodes for each in episode.appearances.all())
    own = (each.title for each in appearances if each.guest_id == guest.pk and each.title)
    return next(own, "")


def _description(guest: Guest, title: str, episodes: list[Any], show: Show) -> str:
    """Who they are and what they talk about, for search engines."""
    who = f"{guest.name}, {title}," if title else guest.name
    stack = [each.name for each in _technologies(episodes)[:FEW]]
    runs = f", and the stack they run: {', '.join(stack)}" if stack else ""
    return f"{who} on {show.title}: “{episodes[0].title}”{runs}."


def _technologies(episodes: list[Any]) -> list[Technology]:
    """What their episodes name, the newest episode's first."""
    uses = (use for episode in episodes for use in episode.uses.all())
    return list({use.technology_id: use.technology for use in uses}.values())


@dataclass(frozen=True, slots=True)
class OwnMoments:
    """What the guest says: the best tip, an answer to each other question, and the rest."""

    tip: LatestMoment | None
    answers: list[tuple[Question, LatestMoment]]
    others: list[LatestMoment]

    @property
    def is_shared(self) -> bool:
        """Whether another guest may have said some of it."""
        found = [*filter(None, [self.tip]), *(moment for _, moment in self.answers), *self.others]
        return any(len(moment.guests) > 1 for moment in found)


def _own_moments(
    guest: Guest, episodes: list[Any], questions: list[Question], show: Show
) -> OwnMoments:
    """Their moments, newest episode first, without what is credited to another guest; one query."""
    by_key = {episode.pk: episode for episode in episodes}
    people = {
        episode.pk: tuple(each.guest for each in episode.appearances.all()) for episode in episodes
    }
    moments = [
        (LatestMoment(by_key[key], seconds, text, None, said_by, people[key]), answered)
        for key, seconds, text, answered in topics_with_questions(by_key, questions, show.zone)
        if guest.name in (said_by := credited(text, [each.name for each in people[key]]))
    ]
    tip = next((moment for moment, _ in moments if TIP in moment.plain.lower()), None)
    answers: dict[Question, LatestMoment] = {}
    for moment, answered in moments:
        unanswered = [each for each in answered if each not in answers]
        if unanswered and moment is not tip:
            answers[unanswered[0]] = moment
    return OwnMoments(
        tip,
        sorted(answers.items(), key=lambda each: questions.index(each[0])),
        [each for each, _ in moments if each is not tip and each not in answers.values()],
    )
