"""What players and pages of any other site may load: public audio, images, chapters, feeds."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

# Never with credentials: a visitor's cookies change nothing here. deploy/nginx has the same.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, "
    "Last-Modified",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# A browser asks before it sends If-None-Match or some ranges (Fetch, section 3.3.2).
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}

View = Callable[..., HttpResponseBase]


def share(response: HttpResponseBase) -> None:
    """Let pages of any site embed the response and read it (CORS)."""
    for name, value in SHARED.items():
        response.headers[name] = value


def allow_any_origin(view: View) -> View:
    """Share the view's responses, and answer what browsers ask before some requests.

    CSRF-exempt, so that the view answers a POST with 405 and not with a page.
    """

    @csrf_exempt
    @wraps(view)
    def open_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = view(request, *args, **kwargs)
        share(response)
        return response

    return open_view
