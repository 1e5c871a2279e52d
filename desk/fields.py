"""Form fields for values that are typed in another form than they are stored."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.timezone import get_current_timezone_name

from media.exif import strip_metadata
from media.images import IMAGE_ENDINGS, InvalidImage, check_image
from notes.grammar.items import is_link_url
from notes.grammar.lines import clean
from text.timecode import format_timecode, parse_timecode

# Other years are typing errors; PostgreSQL stores years that Python can't read.
FIRST_YEAR, LAST_YEAR = 1970, 2200


class TimecodeField(forms.Field):
    """Whole seconds, typed and shown as `25:26` or `1:02:03`."""

    widget = forms.TextInput({"size": 8, "placeholder": "1:02:03", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return format_timecode(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        try:
            return parse_timecode(typed)
        except ValueError as error:
            raise ValidationError(f"{error}.") from error


class LocalDateTimeField(forms.SplitDateTimeField):
    """A date and a time in the show's time zone; midnight if the time is empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Lazy, because the show's time zone isn't active when a form is declared.
        self.help_text = format_lazy(
            "{} Time zone: {}.", self.help_text, lazy(get_current_timezone_name, str)()
        )

    def compress(self, data_list: Any) -> datetime | None:
        day, at = (data_list or [None, None])[:2]
        if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Enter a year between {FIRST_YEAR} and {LAST_YEAR}.")
        if day and not at:
            at = time(0)
        return super().compress((day, at) if day or at else None)


class LinesField(forms.CharField):
    """Text of several lines, which browsers submit with CRLF and which is stored with LF."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class StrippedImageField(forms.ImageField):
    """An image of an allowed format and size, stored without metadata such as its location."""

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        try:
            check_image(data, data.size or 0, data.name or "")
            stripped = strip_metadata(data.read())
        except InvalidImage as error:
            raise ValidationError(str(error)) from error
        return super().to_python(SimpleUploadedFile(data.name, stripped, data.content_type))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": ",".join(IMAGE_ENDINGS)}


class CategoriesField(forms.Field):
    """Categories, one to a line, each with or without a subcategory: `News > Tech News`."""

    widget = forms.Textarea({"rows": 3, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(" > ".join(path) for path in value)

    def to_python(self, value: Any) -> list[list[str]]:
        typed = str(value or "")
        lines = [line.split(">") for line in typed.splitlines() if line.strip()]
        paths = [[name.strip() for name in line] for line in lines]
        if "\0" in typed or not all(len(path) <= 2 and all(path) for path in paths):
            raise ValidationError("Enter one category to a line, such as News > Tech News.")
        return paths


class PlaceField(forms.IntegerField):
    """A row's place in the order on the page. It alone doesn't make a blank row count."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def validate_link(value: str) -> None:
    """Accept web and mail addresses, and paths of this site."""
    if not is_link_url(value) or value != clean(value):
        raise ValidationError("Enter a web address such as https://example.org/page.")
