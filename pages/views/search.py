"""Search: its page, the same as JSON, suggestions. search.engine does the searching."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.addresses import absolute_url
from episodes.counts import technologies_in_use
from episodes.filters import UnknownFilter, parse_page
from media.cross_origin import allow_any_origin
from pages import did_you_mean
from pages.bots import is_page_view
from pages.cached_counts import answered_questions
from pages.feed_links import search_feed
from pages.indexing import NOINDEX
from pages.metadata import metadata
from pages.redirects import not_found
from pages.rendering import render_page
from pages.search_facets import facets_of
from pages.search_tally import tally
from search.engine import search as run_search
from search.models import ZeroResultQuery
from search.query.parse import MAX_LENGTH, Filter, parse_query
from search.retrieval.results import Result, Results
from search.suggest import suggest
from show.models import CallToAction, Show
from stack.directory import entry_named

EXAMPLES = 8
# Where to look for suggestions when a filter's value is unknown, and for how many filters.
SUGGESTED = {"stack": did_you_mean.technologies, "guest": did_you_mean.guests}
MOST_SUGGESTED = 2
OPENSEARCH = "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """The parameters of a search. `is_exact`: without spelling correction."""

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
        pairs = [("q", self.query)] if self.query else []
        pairs += [("sort", "newest")] if self.is_newest else []
        pairs += [("exact", "1")] if self.is_exact else []
        pairs += [("page", str(self.number))] if self.number > 1 else []
        return reverse("search") + (f"?{urlencode(pairs)}" if pairs else "")

    def with_(self, **changes: Any) -> str:
        """The path of the same search with these changes, on its first page."""
        return replace(self, **{"number": 1} | changes).path


def _search(request: HttpRequest, show: Show) -> tuple[SearchAddress, Results] | None:
    """The search and its results; None if there is no such page of them."""
    try:
        number = parse_page(request.GET)
    except UnknownFilter:
        return None
    is_newest = request.GET.get("sort") == "newest"
    is_exact = request.GET.get("exact") == "1"
    # A phone that shares a page may send its title alone (pages.views.manifest).
    query = request.GET.get("q") or request.GET.get("title", "")
    found = run_search(query, zone=show.zone, page=number, newest=is_newest, verbatim=is_exact)
    if number > max(found.pages, 1):
        return None
    return SearchAddress(found.query, number, is_newest, is_exact), found


@conditional_get
def search(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    searched = _search(request, show)
    if searched is None:
        return not_found(request)
    address, found = searched
    query = parse_query(found.query)
    is_quoted = any(each.is_quoted for each in query.clauses)
    unquoted = query.without_quotes() if is_quoted and not found.results else ""
    if _is_zero_result(address, found) and is_page_view(request):
        ZeroResultQuery.objects.record(found.query)
    elif _is_counted(address, found) and is_page_view(request):
        tally.record(found.query, show.local(timezone.now()).date())
    number = address.number
    return render_page(
        request,
        "pages/search.html",
        metadata(show, address.title, SearchAddress(found.query, number).path, robots=NOINDEX),
        section="search",
        address=address,
        found=found,
        is_cut=len(" ".join(request.GET.get("q", "").split())) > MAX_LENGTH,
        feed=search_feed(found.query),
        has_words=bool(query.clauses),
        chips=[(chip, address.with_(query=chip.query)) for chip in found.chips],
        groups=[(each, address.with_(query=each.query)) for each in found.groups],
        facets=facets_of(found, show.zone, lambda query: address.with_(query=query)),
        best=address.with_(is_newest=False),
        newest=address.with_(is_newest=True),
        unquoted=(unquoted, address.with_(query=unquoted)),
        proposed=address.with_(query=found.proposed),
        exact=address.with_(is_exact=True),
        previous=address.with_(number=number - 1) if number > 1 else "",
        following=address.with_(number=number + 1) if number < found.pages else "",
        **({} if found.says_it else _without_results(request, show, found)),
    )


def _is_zero_result(address: SearchAddress, found: Results) -> bool:
    """Whether the show has nothing on the subject.

    A filtered or exact search finds nothing for reasons of its own.
    """
    if found.says_it or found.direct or found.chips or found.is_empty or address.is_exact:
        return False
    return not parse_query(found.query).is_stop_words


def _is_counted(address: SearchAddress, found: Results) -> bool:
    """Whether the host may read this query: the show itself says every word of it."""
    if not settings.DOWNLOADS_LOG or not found.says_it:
        return False
    if address.number > 1 or address.is_newest:  # further looks at one search
        return False
    return not (found.corrected or found.dropped or found.ignored or found.chips)


def _without_results(request: CacheableRequest, show: Show, found: Results) -> dict[str, Any]:
    """Help for visitors whose query is empty, or who find nothing in their words."""
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.BECOME_GUEST)
    context = {"questions": answered_questions(request, show), "call": call.first()}
    if found.is_empty:
        return context | {"examples": per_content_version(request, "search-examples", _examples)}
    query = parse_query(found.query)
    filters = [each for each in query.filters if each.key in SUGGESTED]
    # What the technology directory or the show knows is no other's name misspelled.
    is_name = entry_named(found.query) or found.direct
    named = filters or ([] if is_name else [Filter("stack", found.query)])
    suggestions = [
        did_you_mean.closest_names(each.value, SUGGESTED[each.key]())
        for each in named[:MOST_SUGGESTED]
    ]
    # A filtered search may be too narrow: that says nothing about its subject.
    is_subject = not (query.restrictions or query.is_stop_words)
    return context | {
        "suggestions": sum(suggestions, []),
        "subject": found.query if is_subject else "",
        "is_technology": entry_named(found.query) is not None,
    }


def _examples() -> list[tuple[str, str]]:
    """Searches with results: the most used technologies."""
    names = [each.name for each in technologies_in_use(most_used_first=True)[:EXAMPLES]]
    return [(name, SearchAddress(name).path) for name in names]


@allow_any_origin
@conditional_get
def search_json(request: HttpRequest) -> HttpResponse:
    """The page's results for programs, in the same order; open to pages of other sites."""
    show = Show.objects.current()
    searched = _search(request, show)
    if searched is None:
        response = JsonResponse({"error": "There is no such page of results."}, status=404)
    else:
        _, found = searched
        response = JsonResponse(
            {
                "query": found.query,
                "count": found.count,
                "capped": found.capped,
                "results": [_as_json(show, result) for result in found.results],
            }
        )
    return response


def _as_json(show: Show, result: Result) -> dict[str, Any]:
    url = absolute_url(result.episode.get_absolute_url())
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
    """Suggestions as HTML, which static/js/suggest.js shows under the search box."""
    found = suggest(request.GET.get("q", ""))
    kinds = [
        ("Technologies", found.technologies),
        ("Guests", found.guests),
        ("Libraries", found.libraries),
        ("Questions", found.questions),
        ("Episodes", found.episodes),
    ]
    context = {"kinds": [each for each in kinds if each[1]], "moments": found.moments}
    return render(request, "parts/search_suggestions.html", context)


@conditional_get
def suggestions_json(request: HttpRequest) -> HttpResponse:
    """The same for a browser's own search box: OpenSearch suggestions, extension 1.1."""
    typed = request.GET.get("q", "")
    found = suggest(typed)
    named = [
        *found.technologies,
        *found.guests,
        *found.libraries,
        *found.questions,
        *found.episodes,
    ]
    texts = [each.label for each in named] + [moment.text for _, moment in found.moments]
    urls = [each.path for each in named]
    urls += [f"{episode.get_absolute_url()}?t={each.seconds}" for episode, each in found.moments]
    answer = [typed[:MAX_LENGTH], texts, [""] * len(texts), [absolute_url(url) for url in urls]]
    return JsonResponse(answer, safe=False, content_type=SUGGESTIONS)


@conditional_get
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which browsers add our search to theirs."""
    context = {
        "show": Show.objects.current(),
        "icon": absolute_url(static("img/icon-180.png")),
        "search": absolute_url(reverse("search")),
        "suggestions": absolute_url(reverse("suggest_json")),
        "self": absolute_url(reverse("opensearch")),
    }
    return render(request, "pages/opensearch.xml", context, content_type=OPENSEARCH)
