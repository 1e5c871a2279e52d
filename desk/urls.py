"""The desk's own pages, beside those that Django's admin makes of the models."""

from django.urls import URLPattern

# Each view goes through `admin.site.admin_view`: signed in, and in the show's time zone.
urlpatterns: list[URLPattern] = []
