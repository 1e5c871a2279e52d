"""The form of a guest's own page. Each field is taken or refused by itself."""

from functools import partial
from typing import Any, ClassVar

from django import forms

from desk.entities.guests import GuestForm
from desk.fields import LinesField, TimecodeField
from desk.submissions.fields import LINKS, PHOTO, PRONUNCIATION, TITLE
from desk.submissions.limits import COMMENT_LENGTH
from desk.submissions.photos import SentPhotoField
from episodes.models import Appearance
from guests.handles import COLUMNS
from guests.models import Guest
from notes.grammar.lines import clean, one_line

HELP = {
    PHOTO: "A JPEG, PNG, WebP or GIF of at most 10 MB, 640 pixels wide or wider, with your face "
    "in the middle. Where and when it was taken is removed.",
    TITLE: "One line, which stands beside your name: CTO of Example, maintainer of Django.",
    PRONUNCIATION: "How to say your name, such as YAH-nah CHECK. "
    "Only those who make the show see it.",
    "website": "The address of your site.",
    "linkedin": "Paste the address of your profile.",
    "comment": f"At most {COMMENT_LENGTH:,} characters.",
    "at": "The time it is about, such as 12:30. Leave it empty for the whole episode.",
}


class SubmissionForm(forms.ModelForm):
    """Fields hold what the guest sent last, else what pages show today.

    The instance is there for its fields' checks and is never saved.
    """

    photo = SentPhotoField(required=False, widget=forms.FileInput)
    title = forms.CharField(
        label="What you do",
        required=False,
        max_length=Appearance._meta.get_field("title").max_length,
    )
    at = TimecodeField(label="At", required=False)
    comment = LinesField(
        required=False, max_length=COMMENT_LENGTH, widget=forms.Textarea({"rows": 4})
    )

    class Meta:
        model = Guest
        fields = (PRONUNCIATION, *LINKS)
        labels: ClassVar = {column: name for column, (name, _) in COLUMNS.items()}
        widgets: ClassVar = GuestForm.Meta.widgets
        field_classes: ClassVar = GuestForm.Meta.field_classes | {
            "website": partial(forms.URLField, assume_scheme="https")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        for name, field in self.fields.items():
            own = COLUMNS[name][1].replace("their ", "your ") if name in COLUMNS else ""
            field.help_text = HELP.get(name, own)
            # What the host changes while the page is open wasn't changed by the guest.
            field.show_hidden_initial = name in self.Meta.fields or name == TITLE
        self.fields["comment"].widget.attrs["maxlength"] = COMMENT_LENGTH

    def clean_title(self) -> str:
        return one_line(clean(self.cleaned_data["title"]))

    def clean_pronunciation(self) -> str:
        return one_line(clean(self.cleaned_data["pronunciation"]))

    def clean_comment(self) -> str:
        return clean(self.cleaned_data["comment"]).strip()

    def validate_unique(self) -> None:
        """Nothing is saved from this form."""
