"""The list of links: which are dead and where they stand, and mending them."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from desk.shortcuts import user_of
from linkcheck.models import Link
from linkcheck.replace import replace_address, use_https

PER_PAGE = 50
MENDING = (
    "desk.change_link", "episodes.change_episode", "guests.change_guest",
    "stack.change_library", "stack.change_technology",
)  # fmt: skip
SHOWN = {
    "dead": ("Dead", Link.objects.dead),
    "failing": ("Failed lately", Link.objects.failing),
    "http": ("Not secure, could be", Link.objects.mendable),
    "all": ("All", Link.objects.all),
}


@permission_required("desk.view_link", raise_exception=True)
@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """Addresses by their state, fifty a page."""
    chosen = request.GET.get("show", "dead")
    if chosen not in SHOWN:
        chosen = "dead"
    tabs = [(key, name, rows().count()) for key, (name, rows) in SHOWN.items()]
    page = Paginator(SHOWN[chosen][1](), PER_PAGE).get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {
        "title": "Links",
        "tabs": tabs,
        "chosen": chosen,
        "page": page,
        "checked": Link.objects.exclude(checked_at=None).order_by("-checked_at").first(),
        "may_mend": request.user.has_perms(MENDING),
    }
    return TemplateResponse(request, "admin/desk/links/list.html", context)


@permission_required(MENDING, raise_exception=True)
@require_POST
def mend(request: HttpRequest) -> HttpResponse:
    """Another address in the place of one, or https for all that were on the page."""
    # An address with a NUL stands nowhere, and the database takes none to look for.
    url, new = (request.POST.get(name, "").replace("\0", "") for name in ("url", "new"))
    user = user_of(request)
    try:
        if secure := request.POST.getlist("secure")[:PER_PAGE]:
            count = sum([use_https(each.replace("\0", ""), user) for each in secure])
        else:
            count = replace_address(url, new, user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _say(request, url, count)
    shown = request.POST.get("show", "dead")
    return redirect(reverse("desk_links") + (f"?show={shown}" if shown in SHOWN else ""))


def _say(request: HttpRequest, url: str, count: int) -> None:
    if count:
        messages.success(request, f"Changed in {count} place{pluralize(count)}.")
    else:
        messages.warning(
            request,
            f"{url} doesn't stand anywhere in these words: a bare name became a link by itself, "
            "or it was changed meanwhile. Open the place and look.",
        )
