"""What the fields that complete get from the server."""

import json
from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static

from stack.directory import entry_named, icon_of
from stack.models import Technology


class AutocompleteView(AutocompleteJsonView):
    """Django's, with the icon of each technology, and what the directory calls an unknown one."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        entry = entry_named(self.term) if self.model_admin.model is Technology else None
        if entry is None:
            return response
        icon = static(f"icons/{entry.icon}.svg") if entry.icon else ""
        return JsonResponse(
            json.loads(response.content) | {"known": {"text": entry.name, "icon": icon}}
        )

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        icon = icon_of(obj.name, obj.slug) if isinstance(obj, Technology) else ""
        return found | ({"icon": static(f"icons/{icon}.svg")} if icon else {})
