"""Texts that go out when an episode has been published."""

from django.core.exceptions import ValidationError
from django.db import models

from desk.publishing.placeholders import mistakes


class TextTemplate(models.Model):
    """A text the host sends out for each episode, with placeholders for what differs."""

    name = models.CharField(max_length=60, unique=True, help_text="What it is for: newsletter.")
    text = models.TextField(
        max_length=10_000,
        help_text="Placeholders are filled in for each episode. A line whose placeholders are all "
        "empty for an episode is left out.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller comes first.")

    class Meta:
        verbose_name = "text to send out"
        verbose_name_plural = "texts to send out"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if found := mistakes(self.text):
            raise ValidationError({"text": found})
