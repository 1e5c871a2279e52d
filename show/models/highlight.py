"""What the home page recommends to somebody who is new to the show."""

from django.db import models

from show.models.promotion import OrderedModel


class Highlight(OrderedModel):
    """An episode, or a moment of one, that the home page shows under “Start here”."""

    path = models.CharField(
        "address",
        max_length=300,
        unique=True,
        help_text="Copy the address of an episode, or of a moment: a topic’s time is a link to it.",
    )

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        return self.path
