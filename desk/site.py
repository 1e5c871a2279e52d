"""The desk: Django's admin with the show's name, time zone, menu and start page."""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.utils import timezone

from accounts.mail import tell
from accounts.passkeys import has_passkeys
from accounts.recent import ask_again
from accounts.security_log import Kind, record, record_delay
from accounts.sign_in import COOKIE, SignInForm, delayed, finish_sign_in, too_many
from accounts.throttling import reset_attempts, seconds_to_wait
from accounts.two_factor import needs_code
from desk.autocomplete import AutocompleteView
from desk.failures import survives_failures
from desk.menu import first_list, menu
from desk.shortcuts import user_of
from desk.start.page import start
from show.models import Show
from text.names import has_endless_marks

View = Callable[..., HttpResponse]
START = "admin/desk/start/page.html"
BEFORE_SECOND_STEP = (
    "desk_second_step", "desk_passkey_add", "desk_passkey_added", "admin:logout",
)  # fmt: skip
# Forms of people and roles, and what their lists do with a selection.
ABOUT_PEOPLE = (
    "admin:auth_user_",
    "admin:auth_group_",
    "desk_people",
    "desk_person",
    "desk_invite",
)
LISTS = ("_changelist", "_history", "desk_people")


class DeskSite(admin.AdminSite):
    index_title = "Desk"
    login_form = SignInForm
    login_template = "admin/accounts/sign_in.html"
    logout_template = "admin/accounts/signed_out.html"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page needs. Calling `menu` queries, which popups and answers never do."""
        show = getattr(request, "show", None) or Show.objects.current()
        title = f"{show.title} desk"
        return {
            "site_title": title,
            "site_header": title,
            "site_url": "/",
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "menu": partial(menu, request),
        }

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        view = refuses_endless_marks(requires_recent_sign_in(view))
        view = in_show_zone(requires_second_step(view))
        return survives_failures(super().admin_view(view, cacheable))

    def get_urls(self) -> list[Any]:
        """Without Django's redirect to any object's address, which asks for no permission on it."""
        urls = super().get_urls()
        return [each for each in urls if getattr(each, "name", None) != "view_on_site"]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        context = self.each_context(request) | {
            "title": self.index_title,
            "start": start(request.user, request.show),  # type: ignore[attr-defined]
            "show": request.show,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, START, context | (extra_context or {}))

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return AutocompleteView.as_view(admin_site=self)(request)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Lead on to a list of the app's: the menu, not Django's page of an app, has them all."""
        if path := first_list(request, app_label):
            return redirect(path)
        raise Http404

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        context = {"passkeys": has_passkeys(request)}
        response = super().login(request, context | (extra_context or {}))
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            finish_sign_in(request, response, "password")
        form = getattr(response, "context_data", {}).get("form")
        return delayed(response, form.wait if form else 0)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        """Limit guesses of the present password, and log wrong ones."""
        if request.method != "POST" or not request.POST.get("old_password"):
            return super().password_change(request, extra_context)
        user = user_of(request)
        name = user.get_username()
        if wait := seconds_to_wait(request, name, is_signed_in=True):
            record_delay(request, name)
            messages.error(request, too_many(wait))
            request.method = "GET"  # an empty form, which checks no password
            return delayed(super().password_change(request, extra_context), wait)
        response = super().password_change(request, extra_context)
        form = getattr(response, "context_data", {}).get("form")
        if form and form.has_error("old_password"):
            record(request, Kind.REFUSED, name, "changing the password")
            return response
        # Also if only the new password was refused: choosing one may take more than five attempts.
        reset_attempts(request, name)
        if response.status_code == HTTPStatus.FOUND:
            record(request, Kind.PASSWORD, name, "changed")
            tell(user, "The password was changed")
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None):
        context = {"signed_out": request.user.pk}
        response = super().logout(request, context | (extra_context or {}))
        if not self.has_permission(request):
            response.delete_cookie(COOKIE, samesite="Lax")
        return response


def requires_second_step(view: View) -> View:
    """Redirect users without a second step if the show requires one of everyone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match = request.resolver_match
        required = request.show.second_step_required  # type: ignore[attr-defined]
        if needs_code(request, required) and match and match.view_name not in BEFORE_SECOND_STEP:
            return redirect("desk_second_step")
        return view(request, *args, **kwargs)

    return guarded


def requires_recent_sign_in(view: View) -> View:
    """Ask for a password or code again before people or roles change."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.resolver_match.view_name if request.resolver_match else ""
        only_shows = request.method != "POST" and name.endswith(LISTS)
        if not name.startswith(ABOUT_PEOPLE) or only_shows:
            return view(request, *args, **kwargs)
        return ask_again(request) or view(request, *args, **kwargs)

    return guarded


def refuses_endless_marks(view: View) -> View:
    """Answer 400 to a text that PostgreSQL would take minutes to normalise for the search index."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for values in (request.GET, request.POST):
            if any(has_endless_marks(text) for _, texts in values.lists() for text in texts):
                raise BadRequest("Combining marks")
        return view(request, *args, **kwargs)

    return guarded


def in_show_zone(view: View) -> View:
    """Activate the show's time zone; the rest of the site uses UTC."""

    @wraps(view)
    def zoned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.show = Show.objects.current()  # type: ignore[attr-defined]
        with timezone.override(request.show.zone):  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
            # Render while the time zone is active.
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return response

    return zoned
