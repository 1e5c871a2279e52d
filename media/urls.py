"""URLs of uploads on the local disk. In production nginx or S3 serves them."""

from django.conf import settings
from django.urls import path

from media.views import serve_media

urlpatterns = [] if settings.S3_BUCKET else [path("media/<path:path>", serve_media, name="media")]
