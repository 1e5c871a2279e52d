"""Links by which a guest reads an episode before everyone can."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from episodes.models import Episode


def new_token() -> str:
    """192 random bits: nobody guesses a link, and nothing needs to count who tries."""
    return secrets.token_urlsafe(24)


class PreviewLink(models.Model):
    """A draft for whoever has the link, until it ends. A revoked one has ended early."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="preview_links")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    recipient = models.CharField(
        "for whom", max_length=100, blank=True, help_text="For your own memory: Phil, the editor."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Preview of {self.episode}"

    def get_absolute_url(self) -> str:
        return reverse("preview", args=[self.token])

    @property
    def has_ended(self) -> bool:
        return self.expires_at <= timezone.now()
