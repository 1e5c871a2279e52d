"""The desk's own pages, beside those that Django's admin makes of the models."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from desk.writing import views as writing

# Each view goes through `admin.site.admin_view`: signed in, and in the show's time zone.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("desk.audio.urls")),
    path("", include("desk.downloads.urls")),
    path("", include("desk.links.urls")),
    path("", include("desk.erasing.urls")),
    path("", include("desk.history.urls")),
    path("", include("desk.entities.urls")),
    path("", include("desk.publishing.urls")),
    path("paste", admin.site.admin_view(writing.paste), name="desk_paste"),
    path("episodes/episode/<int:pk>/text", admin.site.admin_view(writing.text), name="desk_text"),
    path("pencil", admin.site.admin_view(writing.pencil), name="desk_pencil"),
]
