"""Pages that the host writes, such as /thanks."""

from django.http import HttpRequest, HttpResponse

from caching.http import conditional_get
from pages.json_ld.site import breadcrumbs
from pages.metadata import excerpt, metadata
from pages.redirects import redirect_or_404
from pages.rendering import render_page
from show.models import Page, Show


@conditional_get
def flat_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = Page.objects.published().filter(slug=slug).first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    head = metadata(
        show,
        found.title,
        request.path,
        description=found.description or excerpt(found.body_html),
        robots="" if found.indexed else "noindex",
        json_ld=[breadcrumbs(show, (found.title, request.path))],
    )
    return render_page(request, "pages/page.html", head, page=found)
