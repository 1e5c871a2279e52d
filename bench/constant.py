"""A Django site with one view that returns a constant: the minimum that Python costs."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

PAGE = b"x" * 30_000

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="none", USE_TZ=True, MIDDLEWARE=[]
)


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [re_path("", constant)]
application = get_wsgi_application()
