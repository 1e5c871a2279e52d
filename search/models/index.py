"""The search index, derived from episodes by search/sql/search_refresh.sql."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from episodes.models import Episode


class Document(models.Model):
    """What finds a published episode, due or not: its stems, and tags for filters."""

    episode = models.OneToOneField(Episode, models.CASCADE, primary_key=True)
    published_at = models.DateTimeField(db_index=True)
    vector = SearchVectorField()
    words = ArrayField(models.TextField(), help_text="Distinct, not stemmed.")

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_document_vector", fastupdate=False)]

    def __str__(self) -> str:
        return f"Search document of episode {self.episode_id}"


class Content(models.Model):
    """What ranks an episode: its notes, without the transcript. Apart from the document, whose rows
    stay narrow for scans.
    """

    episode = models.OneToOneField(
        Episode, models.CASCADE, primary_key=True, related_name="search_content"
    )
    vector = SearchVectorField(db_column="said")

    def __str__(self) -> str:
        return f"Search content of episode {self.episode_id}"


class Passage(models.Model):
    """A topic, some seconds of transcript, a paragraph, link, library, title with guests, stack."""

    class Source(models.TextChoices):
        TOPIC = "topic"
        CUE = "cue"
        TEXT = "text"
        LINK = "link"
        LIBRARY = "library"
        TITLE = "title"
        STACK = "stack"

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="passages")
    source = models.CharField(max_length=7, choices=Source)
    seconds = models.PositiveIntegerField(null=True, help_text="Null for text.")
    text = models.TextField()
    vector = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="search_passage_vector"),
            # Most passages are of transcripts.
            GinIndex(
                fields=["vector"], name="search_passage_notes", condition=~models.Q(source="cue")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Word(models.Model):
    """A word of the index, its document frequency, and its SymSpell deletes."""

    word = models.TextField(primary_key=True)
    stem = models.TextField(db_index=True)
    documents = models.IntegerField()
    deletes = ArrayField(
        models.TextField(),
        db_column="near",
        help_text="The word, and the word without each one letter.",
    )

    class Meta:
        indexes = [GinIndex(fields=["deletes"], name="search_word_near")]

    def __str__(self) -> str:
        return self.word
