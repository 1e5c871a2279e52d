"""What the fields that complete get from the server."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.templatetags.static import static

from stack.directory import icon_of
from stack.models import Technology


class AutocompleteView(AutocompleteJsonView):
    """Django's, with the icon of each technology."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        icon = icon_of(obj.name, obj.slug) if isinstance(obj, Technology) else ""
        return found | ({"icon": static(f"icons/{icon}.svg")} if icon else {})
