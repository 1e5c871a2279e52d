"""Search: its page, the same as JSON, and what the box proposes. search.engine finds it all."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.counts import technologies_in_use
from episodes.filters import UnknownFilter, parse_page
from pages import did_you_mean
from pages.addresses import absolute
from pages.bots import is_reading
from pages.feed_links import feed_of_search
from pages.indexing import NOT_LISTED
from pages.metadata import metadata
from pages.redirects import missing
from pages.rendering import page
from pages.views.questions import counted_questions
from search.engine import search as find
from search.query.parse import MAX_LENGTH, Filter, parse_query
from search.retrieval.results import Result, Results
from search.suggest import suggest
from search.zero_results import count_miss
from show.models import CallToAction, Show

EXAMPLES = 8
# Where to look for names near one that a filter has, and for how many of them.
NEAR = {"stack": did_you_mean.technologies, "guest": did_you_mean.guests}
MOST_NEAR = 2
OPENSEARCH = "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a search asks for. `is_exact`: no word is taken for another."""

    query: str
    number: int = 1
    is_newest: bool = False
    is_exact: bool = False

    @property
    def title(self) -> str:
        words = [f"Search: {self.query}" if self.query else "Search"]
        words += [f"page {self.number}"] if self.number > 1 else []
        return ", ".join(words)

    @property
    def path(self) -> str:
        """Its address."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [("sort", "newest")] if self.is_newest else []
        pairs += [("exact", "1")] if self.is_exact else []
        pairs += [("page", str(self.number))] if self.number > 1 else []
        return reverse("search") + (f"?{urlencode(pairs)}" if pairs else "")

    def but(self, **changes: Any) -> str:
        """The address that asks for this with something else, from its first page on."""
        return replace(self, **{"number": 1} | changes).path


def _search(request: HttpRequest, show: Show) -> tuple[Asked, Results] | None:
    """What is asked for and what was found; None where there is no such page."""
    try:
        number = parse_page(request.GET)
    except UnknownFilter:
        return None
    is_newest = request.GET.get("sort") == "newest"
    is_exact = request.GET.get("exact") == "1"
    query = request.GET.get("q", "")
    found = find(query, zone=show.zone, page=number, newest=is_newest, verbatim=is_exact)
    if number > max(found.pages, 1):
        return None
    return Asked(found.query, number, is_newest, is_exact), found


@conditional_get
def search(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    answer = _search(request, show)
    if answer is None:
        return missing(request)
    asked, found = answer
    if _is_miss(asked, found) and is_reading(request):
        count_miss(found.query)
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.BECOME_GUEST)
    return page(
        request,
        "pages/search.html",
        show=show,
        metadata=metadata(
            show,
            asked.title,
            Asked(found.query, asked.number).path,
            robots=NOT_LISTED,
        ),
        section="search",
        asked=asked,
        found=found,
        feed=feed_of_search(found.query),
        has_words=bool(parse_query(found.query).parts),
        chips=[(chip, asked.but(query=chip.query)) for chip in found.chips],
        best=asked.but(is_newest=False),
        newest=asked.but(is_newest=True),
        exact=asked.but(is_exact=True),
        previous=asked.but(number=asked.number - 1) if asked.number > 1 else "",
        following=asked.but(number=asked.number + 1) if asked.number < found.pages else "",
        questions=[] if found.results else counted_questions(request, show),
        **({} if found.results else _way_on(request, found)),
        call=None if found.results else call.first(),
    )


def _is_miss(asked: Asked, found: Results) -> bool:
    """Whether the show has nothing on what was asked for, as far as we know.

    A search that is narrowed, or to the letter, finds nothing for reasons of its own.
    """
    if found.results or found.direct or found.chips or found.is_empty or asked.is_exact:
        return False
    return not parse_query(found.query).says_nothing


def _way_on(request: CacheableRequest, found: Results) -> dict[str, Any]:
    """What helps where nothing was asked for, or nothing found."""
    if found.is_empty:
        return {"examples": per_content_version(request, "search-examples", _examples)}
    query = parse_query(found.query)
    named = [each for each in query.filters if each.key in NEAR] or [Filter("stack", found.query)]
    nearest = [did_you_mean.near_names(each.value, NEAR[each.key]()) for each in named[:MOST_NEAR]]
    # Whoever narrows a search is told that it's too narrow, not that we know nothing of it.
    is_subject = not (query.restrictions or query.says_nothing)
    return {"nearest": sum(nearest, []), "subject": found.query if is_subject else ""}


def _examples() -> list[tuple[str, str]]:
    """Searches that find something: by what most episodes use."""
    names = [each.name for each in technologies_in_use(most_used_first=True)[:EXAMPLES]]
    return [(name, Asked(name).path) for name in names]


@conditional_get
def search_json(request: HttpRequest) -> HttpResponse:
    """The page's results for programs, in the same order; open to pages of other sites."""
    show = Show.objects.current()
    answer = _search(request, show)
    if answer is None:
        response = JsonResponse({"error": "There is no such page of results."}, status=404)
    else:
        _, found = answer
        response = JsonResponse(
            {
                "query": found.query,
                "count": found.count,
                "capped": found.capped,
                "results": [_as_json(show, result) for result in found.results],
            }
        )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _as_json(show: Show, result: Result) -> dict[str, Any]:
    url = absolute(result.episode.get_absolute_url())
    published = result.episode.published_at
    return {
        "url": url,
        "title": result.episode.title,
        "published": show.local(published).isoformat() if published else None,
        "moments": [
            {"seconds": each.seconds, "text": each.text, "url": f"{url}?t={each.seconds}"}
            for each in result.moments
            if each.seconds is not None
        ],
    }


@conditional_get
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the box proposes, as the HTML that static/js/suggest.js puts under it."""
    found = suggest(request.GET.get("q", ""))
    kinds = [
        ("Technologies", found.technologies),
        ("Guests", found.guests),
        ("Episodes", found.episodes),
    ]
    context = {"kinds": [each for each in kinds if each[1]], "moments": found.moments}
    return render(request, "parts/search_suggestions.html", context)


@conditional_get
def suggestions_json(request: HttpRequest) -> HttpResponse:
    """The same for a browser's own search box: OpenSearch suggestions, extension 1.1."""
    typed = request.GET.get("q", "")
    found = suggest(typed)
    named = [*found.technologies, *found.guests, *found.episodes]
    texts = [each.label for each in named] + [moment.text for _, moment in found.moments]
    urls = [each.path for each in named]
    urls += [f"{episode.get_absolute_url()}?t={each.seconds}" for episode, each in found.moments]
    answer = [typed[:MAX_LENGTH], texts, [""] * len(texts), [absolute(url) for url in urls]]
    return JsonResponse(answer, safe=False, content_type=SUGGESTIONS)


@conditional_get
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser takes up our search as one of its own."""
    context = {
        "show": Show.objects.current(),
        "icon": absolute(static("img/icon-180.png")),
        "search": absolute(reverse("search")),
        "suggestions": absolute(reverse("suggest_json")),
        "self": absolute(reverse("opensearch")),
    }
    return render(request, "pages/opensearch.xml", context, content_type=OPENSEARCH)
