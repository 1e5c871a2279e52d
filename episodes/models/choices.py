"""What an episode can be."""

from django.db import models


class Kind(models.TextChoices):
    PODCAST = "podcast", "Podcast episode"
    INTERVIEW = "interview", "Written interview"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published (or scheduled, by its date)"
    WITHDRAWN = "withdrawn", "Withdrawn: the page shows your notice only"


class Type(models.TextChoices):
    FULL = "full", "Full episode"
    TRAILER = "trailer", "Trailer"
    BONUS = "bonus", "Bonus"
