"""The web app manifest, with which phones install the site and share text to its search.

Format: www.w3.org/TR/appmanifest; share targets: w3c.github.io/web-share-target.
There is no copy for reading offline: episodes live in podcast apps.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse

from caching.http import conditional_get
from show.models import Show

MANIFEST = "application/manifest+json"
THEME, BACKGROUND = "#173781", "#fbfaf6"  # as in static/css/site.css
# File, size in pixels, and whether phones may cut it to their own shape.
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable", 512, "maskable"))
SHORTCUTS = (("Search", "search"), ("Episodes", "episodes"), ("My moments", "my_moments"))


@conditional_get
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(_manifest(Show.objects.current()), content_type=MANIFEST)


def _manifest(show: Show) -> dict[str, Any]:
    home = reverse("home")
    return {
        "id": home,
        "name": show.title,
        "description": show.description,
        "lang": show.language,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        # With buttons to go back and to reload, where there is such a mode.
        "display_override": ["minimal-ui"],
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "icons": [
            {
                "src": static(f"img/{name}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, size, purpose in ICONS
        ],
        "shortcuts": [{"name": name, "url": reverse(view)} for name, view in SHORTCUTS],
        # What is shared is searched for: its text, else the title (pages.views.search).
        "share_target": {
            "action": reverse("search"),
            "method": "GET",
            "params": {"title": "title", "text": "q"},
        },
    }
