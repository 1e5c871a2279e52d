"""The frame of the desk's own pages: that of Django's admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse


def desk_page(
    request: HttpRequest, template: str, title: str, status: int = 200, **values: Any
) -> TemplateResponse:
    """A page of templates/admin/desk/ under this title."""
    context = admin.site.each_context(request) | {"title": title} | values
    return TemplateResponse(request, f"admin/desk/{template}", context, status=status)
