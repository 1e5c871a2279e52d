"""The list of links."""

from django.contrib import admin
from django.urls import path

from desk.links import views

urlpatterns = [
    path("links/", admin.site.admin_view(views.links), name="desk_links"),
    path("links/mend", admin.site.admin_view(views.mend), name="desk_mend_link"),
]
