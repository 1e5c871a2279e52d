"""The part of an episode's form about what it is known by, and what listeners are told after it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from desk.publishing.defaults import is_fixed, next_number
from episodes.models import Episode
from notes.write_rows import free_episode_slug
from text.names import slug_for

AFTER = "After publication"  # the form's section
Fieldsets = Sequence[tuple[Any, Any]]


class PublishingForm(forms.ModelForm):
    """Proposes an address, and dates a correction."""

    is_correction = forms.BooleanField(
        label="Note this as a correction",
        required=False,
        help_text="Page, feed and search engines then say that it was updated now. What you put "
        "right may stand in the line above.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not is_fixed(self.instance):
            self._propose_number(cleaned)
        if cleaned.get("title") and self._wants_address(cleaned):
            cleaned["slug"] = free_episode_slug(*self._known_by(cleaned))
        if is_fixed(self.instance):
            self._date_correction(cleaned)
        return cleaned

    def _propose_number(self, cleaned: dict[str, Any]) -> None:
        """A new interview isn't numbered as a podcast episode, as the blank form proposes."""
        kind, number = cleaned.get("kind"), cleaned.get("number")
        if self.instance.pk or kind != Episode.Kind.INTERVIEW or number is None:
            return
        if number == next_number(Episode.Kind.PODCAST):
            cleaned["number"] = next_number(kind)

    def _wants_address(self, cleaned: dict[str, Any]) -> bool:
        """Without one; or, until it is published, with one made of another number or title."""
        if "slug" not in cleaned:
            return False
        if not cleaned["slug"]:
            return True
        if not self.instance.pk or is_fixed(self.instance) or "slug" in self.changed_data:
            return False
        before = self.instance
        made = _name(before.number, before.title)
        _, number, title = self._known_by(cleaned)
        return before.slug == slug_for(made) != slug_for(_name(number, title))

    def _known_by(self, cleaned: dict[str, Any]) -> tuple[str, int | None, str]:
        kind = cleaned.get("kind", self.instance.kind)
        return kind, cleaned.get("number", self.instance.number), cleaned["title"]

    def _date_correction(self, cleaned: dict[str, Any]) -> None:
        """Now, unless the host typed a date: when asked to, or when the note is another."""
        noted = cleaned.get("correction") and "correction" in self.changed_data
        if (cleaned.get("is_correction") or noted) and "updated_on" not in self.changed_data:
            cleaned["updated_on"] = timezone.now().replace(microsecond=0)


def _name(number: int | None, title: str) -> str:
    return title if number is None else f"{number} {title}"


def fieldsets_for(fieldsets: Fieldsets, episode: Episode | None) -> Fieldsets:
    """The form's sections: of an episode that exists with ways on; once it is published, with
    what may be said of a correction in sight."""
    if episode is None:
        return fieldsets
    found = [(None, {"fields": ("publishing_panel",)}), *fieldsets]
    if not is_fixed(episode):
        return found
    return [_opened(name, options) if name == AFTER else (name, options) for name, options in found]


def _opened(name: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    first, *others = options["fields"]
    return name, {**options, "classes": (), "fields": (first, "is_correction", *others)}
