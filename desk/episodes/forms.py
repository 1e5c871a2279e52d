"""The form of an episode: its number and address, corrections, and edit conflicts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.utils import flatten
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone

from desk.episodes.merging import FormMerge, start_merge
from desk.history.conflicts import changed_since
from desk.publishing.defaults import next_number
from episodes.models import Episode
from notes.write_rows import free_episode_slug
from text.names import slug_for

AFTER = "After publication"  # a section of the form
# What no two episodes share: what it is called, and whether only those of one kind count.
UNIQUE = {"number": ("number", True), "slug": ("address", True), "guid": ("GUID", False)}
Fieldsets = Sequence[tuple[Any, Any]]


class StatusSelect(forms.Select):
    """Names what a draft becomes on its checklist, which says first what is wrong."""

    is_draft = False

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if self.is_draft and str(value) == Episode.Status.PUBLISHED:
            option["attrs"]["disabled"] = True
            option["label"] = "Published or scheduled: on the checklist"
        return option


class EpisodeForm(forms.ModelForm):
    """Proposes an address, dates corrections, and detects saves by others."""

    data: QueryDict
    user: User | None = None  # who saves, in the form of a request
    merge: FormMerge | None = None
    edit_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_correction = forms.BooleanField(
        label="This is a correction",
        required=False,
        help_text=(
            "This marks the episode as updated now for listeners, apps and search engines. "
            "You can describe the correction above."
        ),
    )

    class Meta:
        widgets = {
            "summary": forms.Textarea({"rows": 3, "cols": 90}),
            "status": StatusSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edit_seen"].initial = self.instance.edit_number
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "status" in self.fields:
            widget: Any = self.fields["status"].widget
            widget.is_draft = self.instance.status == Episode.Status.DRAFT

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.was_ever_public:
            self._date_correction(cleaned)
        else:
            self._propose_number(cleaned)
        if cleaned.get("title") and self._needs_slug(cleaned):
            cleaned["slug"] = free_episode_slug(*self._identity(cleaned))
        self._refuse_taken(cleaned)
        seen = cleaned.get("edit_seen")
        if self.instance.pk and "merge" in self.data:
            self._start_merge(cleaned, str(self.data["merge"]))
        elif self.instance.pk and seen is not None and seen != self.instance.edit_number:
            self._check_conflict(seen)
        return cleaned

    def _start_merge(self, cleaned: dict[str, Any], opened_at: str) -> None:
        """Of what others saved since this edit, keep all that this form didn't change."""
        self.merge = start_merge(self.instance.pk, opened_at)
        if self.merge is None:
            self.add_error(None, "It is unknown what the form was opened with. Save it instead.")
            return
        self.merge.merge_values(cleaned)
        self._see(opened_at)  # if the form is refused, the conflict is still there

    def _propose_number(self, cleaned: dict[str, Any]) -> None:
        """The blank form proposes a podcast episode's number; replace it in a new interview."""
        kind, number = cleaned.get("kind"), cleaned.get("number")
        if self.instance.pk or kind != Episode.Kind.INTERVIEW or number is None:
            return
        if number == next_number(Episode.Kind.PODCAST):
            cleaned["number"] = next_number(kind)

    def _refuse_taken(self, cleaned: dict[str, Any]) -> None:
        """Say beside the field which episode has its value already."""
        kind = cleaned.get("kind", self.instance.kind)
        for name, (word, scope) in UNIQUE.items():
            value = cleaned.get(name)
            if value in (None, "") or value == getattr(self.instance, name):
                continue
            others = Episode.objects.exclude(pk=self.instance.pk).filter(**{name: value})
            other = others.filter(kind=kind).first() if scope else others.first()
            if other:
                self.add_error(name, f"Another episode has this {word}. It is “{other}”.")

    def _needs_slug(self, cleaned: dict[str, Any]) -> bool:
        """If it is empty; or, before publication, made from a number or title that changed."""
        if "slug" not in cleaned:
            return False
        if not cleaned["slug"]:
            return True
        if not self.instance.pk or self.instance.was_ever_public or "slug" in self.changed_data:
            return False
        before = self.instance
        proposed = _numbered_title(before.number, before.title)
        _, number, title = self._identity(cleaned)
        return before.slug == slug_for(proposed) != slug_for(_numbered_title(number, title))

    def _identity(self, cleaned: dict[str, Any]) -> tuple[str, int | None, str]:
        kind = cleaned.get("kind", self.instance.kind)
        return kind, cleaned.get("number", self.instance.number), cleaned["title"]

    def _date_correction(self, cleaned: dict[str, Any]) -> None:
        """Set the update to now if the host asks to or changes the note, but types no date."""
        noted = cleaned.get("correction") and "correction" in self.changed_data
        if (cleaned.get("is_correction") or noted) and "updated_on" not in self.changed_data:
            cleaned["updated_on"] = timezone.now().replace(microsecond=0)

    def _check_conflict(self, seen: int) -> None:
        """Refuse once and say who saved what; the next save of the same form succeeds."""
        # Read again: this form's own instance already has the typed values.
        stored = Episode.with_deleted.get(pk=self.instance.pk)
        message = changed_since(stored, seen, self.user, can_merge=True)
        if message is None:
            return
        self._see(str(self.instance.edit_number))
        self.add_error(None, message)

    def _see(self, edit_number: str) -> None:
        again = QueryDict(self.data.urlencode(), mutable=True)
        again[self.add_prefix("edit_seen")] = edit_number
        self.data = again

    def _get_validation_exclusions(self) -> set[str]:
        # Constraints mention deleted_at; Django skips those that name an excluded field.
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"deleted_at"}


def _numbered_title(number: int | None, title: str) -> str:
    return title if number is None else f"{number} {title}"


def fieldsets_for(fieldsets: Fieldsets, episode: Episode | None) -> Fieldsets:
    """Expand the fields for corrections once the episode is published."""
    if episode is None or not episode.was_ever_public:
        return fieldsets
    return [(name, _expanded(options) if name == AFTER else options) for name, options in fieldsets]


def filled(fieldsets: Fieldsets, episode: Episode) -> Fieldsets:
    """What somebody reads who can't change the form: the fields that say something, without help.

    `edit_seen` and `is_correction` are the form's own.
    """
    found = []
    for name, options in fieldsets:
        fields = (each for each in flatten(options["fields"]) if getattr(episode, each, None))
        if shown := tuple(fields):
            found.append((name, {"fields": shown}))
    return found


def _expanded(options: dict[str, Any]) -> dict[str, Any]:
    first, *others = options["fields"]
    return {**options, "classes": (), "fields": (first, "is_correction", *others)}
