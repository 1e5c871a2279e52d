"""The page of what a listener starred, which their browser alone knows."""

from django.http import HttpRequest, HttpResponse

from caching.http import conditional_get
from pages.indexing import NOINDEX
from pages.metadata import metadata
from pages.rendering import render_page
from show.models import Show


@conditional_get
def my_moments(request: HttpRequest) -> HttpResponse:
    """The same for everybody: static/js/my_moments.js fills it."""
    description = "The moments that you starred, with your notes. They stay on this device."
    head = metadata(
        Show.objects.current(), "My moments", request.path, description=description, robots=NOINDEX
    )
    return render_page(request, "pages/my_moments.html", head)
