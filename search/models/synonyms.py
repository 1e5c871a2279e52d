"""Synonyms: words that mean the same to a listener of this show, edited by the host."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

MAX_WORDS = 30


class SynonymGroupManager(models.Manager["SynonymGroup"]):
    def get_by_natural_key(self, words: str) -> "SynonymGroup":
        return self.get(words=words)


class SynonymGroup(models.Model):
    """`outage, downtime, went down`: a search for one finds the others, too."""

    words = models.CharField(
        max_length=500,
        unique=True,
        help_text=(
            "Enter words or short phrases that mean the same to a listener, separated by commas: "
            "outage, downtime, went down."
        ),
    )
    shipped = models.BooleanField(default=False, db_default=False, editable=False)
    active = models.BooleanField(default=True, db_default=True, help_text="Used in searches.")
    queries = ArrayField(
        models.TextField(),
        default=list,
        editable=False,
        help_text="Each phrase as a tsquery, derived by a trigger.",
    )

    objects = SynonymGroupManager()

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "search_wordgroup"
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def natural_key(self) -> tuple[str]:
        return (self.words,)

    @property
    def phrases(self) -> list[str]:
        return [phrase for phrase in map(str.strip, self.words.split(",")) if phrase]

    def clean(self) -> None:
        self.words = ", ".join(self.phrases)
        if not 2 <= len(self.phrases) <= MAX_WORDS:
            raise ValidationError(
                {"words": f"A group needs two words or phrases, and at most {MAX_WORDS}."}
            )
