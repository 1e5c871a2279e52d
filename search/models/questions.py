"""Saved questions: a query with a title, a page and an introduction."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse

from search.query.parse import MAX_LENGTH, parse_query
from show.models import Redirect
from text.markup import RENDERER, render_block
from text.names import SLUG_PATTERN, SLUG_RULE

validate_slug = RegexValidator(SLUG_PATTERN, SLUG_RULE)


class QuestionManager(models.Manager["Question"]):
    def get_by_natural_key(self, slug: str) -> "Question":
        return self.get(slug=slug)


class Question(models.Model):
    """`Handling disasters`: what guests are asked, and the query that finds their answers."""

    title = models.CharField(
        max_length=100, help_text="Listeners read this title: Handling disasters."
    )
    slug = models.CharField(
        max_length=100,
        unique=True,
        validators=[validate_slug],
        help_text="Its page's address ends with this: /questions/handling-disasters.",
    )
    query = models.CharField(
        max_length=MAX_LENGTH,
        help_text=(
            "Write it as in the search box. It is matched exactly: a moment must hold every word, "
            "spelled as here. “tips or advice” matches either, quotes match a phrase, -word "
            "excludes, and stack:, guest: and year: filter."
        ),
    )
    introduction = models.TextField(
        blank=True, help_text="Introduce it in your own words, in Markdown."
    )
    introduction_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="The lowest comes first; the home page shows the first few."
    )

    objects = QuestionManager()

    class Meta:
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=SLUG_PATTERN), name="question_slug"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.slug])

    def clean(self) -> None:
        if not parse_query(self.query).clauses:
            raise ValidationError({"query": "It needs a word that can be searched for."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Render the introduction; redirect from a former slug."""
        self.render()
        with transaction.atomic():
            before = Question.objects.filter(pk=self.pk).exclude(slug=self.slug).first()
            super().save(*args, **kwargs)
            if before:
                Redirect.objects.move(before.get_absolute_url(), self.get_absolute_url())

    def render(self) -> None:
        self.introduction_html = render_block(self.introduction)
        self.renderer = RENDERER
