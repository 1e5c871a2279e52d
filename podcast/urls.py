"""All addresses: of the desk, monitoring, media, feeds and, last, pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from desk.urls import preview_urlpatterns
from ops.monitoring.endpoints import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include("desk.urls")),
    path("admin/", admin.site.urls),
    path("preview/", include(preview_urlpatterns)),
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("", include("media.urls")),
    path("", include("feeds.urls")),
    # Last: its final pattern looks up redirects and flat pages.
    path("", include("pages.urls")),
]

handler400 = "podcast.errors.bad_request"
handler403 = "podcast.errors.forbidden"
handler404 = "podcast.errors.not_found"
handler500 = "podcast.errors.server_error"
