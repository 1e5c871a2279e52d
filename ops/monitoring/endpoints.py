"""Pages for monitoring: `/health`, and `/metrics` for Prometheus.

/metrics answers only with METRICS_TOKEN, and not at all if that is unset. Scrape each web process's
own port. gunicorn's workers count into files that they share (gunicorn.conf.py).
"""

import ipaddress
import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_client.exposition import generate_latest

from ops.doctor.checks import watched
from ops.doctor.visitors import TOLD, received
from ops.health import Unhealthy, check_database, check_migrations
from ops.monitoring.requests import all_workers
from ops.monitoring.site import SiteCollector

logger = logging.getLogger(__name__)

PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_VIA")


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and migrations are applied, else 503 naming what failed.

    With ?full, and only to this machine or its private network: all that the doctor watches, and
    503 if any of it needs a remedy.
    """
    try:
        check_database()
        check_migrations()
    except Unhealthy as failure:
        logger.warning("Health check failed: %s", failure, exc_info=failure.__cause__)
        return JsonResponse({"status": "failing", "failed": str(failure)}, status=503)
    if "full" not in request.GET or not is_direct(request):
        response = JsonResponse({"status": "ok"})
        if told := received(request):
            response.headers[TOLD] = told
        return response
    found = list(watched())
    is_well = not any(each.remedy for each in found)
    body = {"status": "ok" if is_well else "failing", "checks": [each._asdict() for each in found]}
    return JsonResponse(body, status=200 if is_well else 503)


def is_direct(request: HttpRequest) -> bool:
    """Whether no proxy passed it on, and it comes from this machine or a private network."""
    if any(name in request.META for name in PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics in Prometheus' text format. Raises Http404 without the token."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, expected):
        raise Http404
    site = CollectorRegistry()
    site.register(SiteCollector())
    text = generate_latest(all_workers()) + generate_latest(site)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
