"""Uploads on the local disk. In production nginx answers these addresses, or S3 others."""

from django.conf import settings
from django.urls import path

from media.views import serve_media

urlpatterns = [] if settings.S3_BUCKET else [path("media/<path:path>", serve_media, name="media")]
