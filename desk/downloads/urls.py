"""How often episodes are downloaded."""

from django.contrib import admin
from django.urls import path

from desk.downloads.views import downloads

urlpatterns = [path("downloads/", admin.site.admin_view(downloads), name="desk_downloads")]
