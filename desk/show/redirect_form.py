"""The form of a redirect, which takes addresses as they are copied from a browser."""

from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from feeds.enclosures import is_on_this_site


def path_here(typed: str) -> str:
    """The path, query and fragment of an address on this site; anything else as it is."""
    address = typed.strip()
    try:
        parts = urlsplit(address)
        is_here = parts.scheme in ("http", "https") and is_on_this_site(address)
    except ValueError:  # not an address
        return address
    if not is_here:
        return address
    return parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()


class RedirectForm(forms.ModelForm):
    def clean_old_path(self) -> str:
        """A path; nobody can redirect the pages of another site."""
        path = path_here(self.cleaned_data["old_path"]).partition("#")[0].partition("?")[0]
        if path.startswith(("http://", "https://")):
            message = "This address is on another site: only those of this one can be redirected."
            raise ValidationError(message)
        return path

    def clean_new_path(self) -> str:
        return path_here(self.cleaned_data["new_path"])
