"""The list of links: which are dead, where they are, and replacing them."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.shortcuts import desk_page, may_view_episodes, user_of
from guests.handles import pasted_address
from linkcheck.check import update_links
from linkcheck.models import ASKED_FOR, DEAD, FAILING, WITH_HTTPS, Link
from linkcheck.replace import replace_address, use_https

PAGE_SIZE = 50
REPLACE_PERMISSIONS = (
    "linkcheck.change_link", "episodes.change_episode", "guests.change_guest",
    "stack.change_library", "stack.change_technology",
)  # fmt: skip
MOST_PLACES = 5  # named in a message
# An address as people say it: example.org/page.
BARE = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?=[/?#]|$)")
CHECK_PERMISSION = "linkcheck.change_link"
FILTERS = {
    "dead": ("Dead", DEAD),
    "failing": ("Failed lately", FAILING),
    "http": ("Could use https", WITH_HTTPS),
    "dismissed": ("Dismissed", Q(dismissed=True)),
    "unchecked": ("Not checked yet", Q(checked_at=None)),
    "all": ("All", Q()),
}


@permission_required("linkcheck.view_link", raise_exception=True)
@may_view_episodes  # whose titles stand beside the links
@require_safe
def links(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("show", "dead")
    if chosen not in FILTERS:
        chosen = "dead"
    rows = Link.objects.filter(FILTERS[chosen][1])
    counts = Link.objects.aggregate(
        waiting=Count("pk", filter=ASKED_FOR),
        **{key: Count("pk", filter=condition) for key, (_, condition) in FILTERS.items()},
    )
    return desk_page(
        request,
        "links/list.html",
        "Links",
        tabs=[(key, name, counts[key]) for key, (name, _) in FILTERS.items()],
        chosen=chosen,
        page=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        last_checked=Link.objects.exclude(checked_at=None).order_by("-checked_at").first(),
        waiting=counts["waiting"],
        may_check=request.user.has_perm(CHECK_PERMISSION),
        may_replace=request.user.has_perms(REPLACE_PERMISSIONS),
    )


@permission_required(CHECK_PERMISSION, raise_exception=True)
@may_view_episodes
@require_POST
def check_links(request: HttpRequest) -> HttpResponse:
    """Have these addresses checked next; without any, list what the show links to now."""
    urls = [url.replace("\0", "") for url in request.POST.getlist("check")[:PAGE_SIZE]]
    if not urls:
        update_links()
        return _shown(request)
    count = Link.objects.filter(url__in=urls).update(asked_at=timezone.now())
    messages.success(request, f"{count} link{pluralize(count)} will be checked within minutes.")
    return _shown(request)


@permission_required(REPLACE_PERMISSIONS, raise_exception=True)
@require_POST
def replace_link(request: HttpRequest) -> HttpResponse:
    """Replace one address by another, those in `secure` by their https ones, or dismiss one."""
    # PostgreSQL stores no NUL, and refuses to search for one.
    url, new = (request.POST.get(name, "").replace("\0", "") for name in ("url", "new"))
    user, new = user_of(request), pasted_address(new)
    new = f"https://{new}" if BARE.match(new) else new
    places = Link.objects.filter(url=url).values_list("places", flat=True).first() or []
    if "dismissed" in request.POST:
        Link.objects.filter(url=url).update(dismissed=request.POST["dismissed"] == "yes")
        return _shown(request)
    try:
        if secure := request.POST.getlist("secure")[:PAGE_SIZE]:
            count = sum([use_https(each.replace("\0", ""), user) for each in secure])
        else:
            count = replace_address(url, new, user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if count:
            where = ", ".join(place["label"] for place in places[:MOST_PLACES])
            more = " and elsewhere" if len(places) > MOST_PLACES else ""
            done = f"Changed in {count} place{pluralize(count)}."
            messages.success(request, f"{done} It was in {where}{more}." if where else done)
        else:
            messages.warning(
                request,
                f"No text contains the link {url}. Either a bare name became a link, or someone "
                "changed the text meanwhile. Open the place and look.",
            )
    return _shown(request)


def _shown(request: HttpRequest) -> HttpResponse:
    """Back to the list from which the form was sent."""
    shown = request.POST.get("show", "dead")
    return redirect(reverse("desk_links") + (f"?show={shown}" if shown in FILTERS else ""))
