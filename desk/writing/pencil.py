"""The way from a topic of a public page to its line in the text."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from desk.shortcuts import may_change_episodes
from desk.writing import drafts
from desk.writing.lines import line_of_topic
from episodes.models import Episode
from transfer.importers.pasted.post import without_front_matter


@require_safe
@may_change_episodes
def pencil(request: HttpRequest) -> HttpResponse:
    """Redirect a topic of a public page, `?page=/podcast/37-…&t=1526`, to its line in the text.

    `n` selects one of several topics at the same second, counted from 0.
    """
    _, _, rest = request.GET.get("page", "").partition("/")
    section, _, slug = rest.partition("/")
    kinds = {"podcast": Episode.Kind.PODCAST, "interviews": Episode.Kind.INTERVIEW}
    kind = kinds.get(section)
    if kind is None:
        raise Http404("This is not the page of an episode.")
    episode = get_object_or_404(Episode, kind=kind, slug=slug)
    seconds, index = number_in(request, "t"), number_in(request, "n")
    line = line_of_topic(without_front_matter(drafts.current_text(episode)), seconds, index)
    query = f"?{urlencode({'line': line})}" if line else ""
    return HttpResponseRedirect(reverse("desk_text", args=[episode.pk]) + query)


def number_in(request: HttpRequest, name: str) -> int:
    """A number of the address, of at most 7 digits; 0 for anything else."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0
