"""Where a save leads: back to the screen from which the host came, or else to the same screen."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

NEXT = "next"  # the parameter


def return_address(request: HttpRequest, default: str) -> str:
    """The address that the host came from, else the default."""
    return asked_return(request).get(NEXT, default)


def asked_return(request: HttpRequest) -> dict[str, str]:
    """The parameter with the address that the host came from, for a further step on the way; empty
    if the request names none, or one on another site.
    """
    asked = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    is_here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return {NEXT: asked} if is_here else {}


def returning(address: str, following: str) -> str:
    """The address of a screen whose save leads to `following`. A fragment stays at the end."""
    path, mark, fragment = address.partition("#")
    query: dict[str, Any] = {NEXT: following}
    return f"{path}{'&' if '?' in path else '?'}{urlencode(query)}{mark}{fragment}"
