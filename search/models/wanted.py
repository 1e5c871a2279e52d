"""What the host wants to hear about, because listeners asked."""

from django.db import models


class GuestWanted(models.Model):
    """`Gleam`: nobody told of it yet. Who finds nothing in a search reads that we look for them."""

    subject = models.CharField(
        max_length=100,
        unique=True,
        help_text="What a guest should run, as listeners should read it: Gleam. Take it away when "
        "someone has told of it.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "search_wanted"
        verbose_name = "guest wanted"
        verbose_name_plural = "guests wanted"
        ordering = ["-created_at", "subject"]

    def __str__(self) -> str:
        return self.subject
