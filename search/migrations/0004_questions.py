"""Questions the host keeps, and searches that found nothing."""

import django.core.validators
from django.db import migrations, models

from show.versioning import watch_content


class Migration(migrations.Migration):
    dependencies = [("search", "0003_suggest")]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="As listeners read it: Handling disasters.", max_length=100
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        help_text="Its address: /questions/handling-disasters.",
                        max_length=100,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?![0-9]+$)[-a-zA-Z0-9_]+$",
                                "Letters, digits, hyphens and underscores only, and not digits "
                                "alone.",
                            )
                        ],
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        help_text="As typed into the search box, but run strictly: a moment must "
                        "hold every word, as it is spelt here. “tips or advice” takes either, "
                        "quotes keep words together, -word leaves out, and stack:, guest: and "
                        "year: narrow.",
                        max_length=200,
                    ),
                ),
                (
                    "introduction",
                    models.TextField(blank=True, help_text="Your own words, in Markdown."),
                ),
                ("introduction_html", models.TextField(blank=True, editable=False)),
                ("renderer", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="The lowest comes first; the home page shows the first few.",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^(?![0-9]+$)[-a-zA-Z0-9_]+$")),
                        name="question_slug",
                    )
                ],
            },
        ),
        watch_content("search_question"),
        # Not watched: counting a search in vain changes nothing a visitor sees.
        migrations.CreateModel(
            name="Miss",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "query",
                    models.CharField(help_text="In lower case.", max_length=100, unique=True),
                ),
                ("count", models.PositiveIntegerField(default=1)),
                ("last_on", models.DateField(verbose_name="last searched on")),
            ],
            options={
                "verbose_name": "search that found nothing",
                "verbose_name_plural": "searches that found nothing",
                "ordering": ["-count", "-last_on", "query"],
            },
        ),
    ]
