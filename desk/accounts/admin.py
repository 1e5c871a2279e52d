"""Users of the desk, their roles, and the security log."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.mail import tell
from accounts.models import SecondStep, SecurityEvent
from accounts.security_log import Kind, record
from accounts.two_factor import remove
from desk.accounts.rights import may_change, roles_to_give
from desk.model_admin import DeskAdmin
from desk.shortcuts import user_of

LABELS = {
    "groups": "Roles",
    "is_staff": "May sign in to the desk",
    "is_superuser": "May do everything, whatever the roles",
}
HELP_TEXTS = {
    "groups": "Hosts may do everything. Editors work on episodes, transcripts, guests and "
    "technologies. Producers prepare drafts. Updates reset these roles; add roles of your own for "
    "other rights.",
    "is_staff": "Without this, the user can’t sign in.",
    "is_superuser": "For whoever runs the site: these users can’t lock themselves out.",
    "is_active": "Clear this instead of deleting a user, so that their edits remain theirs.",
}

OWN_ACCESS = {"is_staff", "is_superuser", "is_active"}
KEEP_ACCESS = "You can’t take this from yourself. Ask another host to do it."


class PasswordState(ReadOnlyPasswordHashWidget):
    """Says whether there is a password. How it is stored helps nobody here."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        has_one = bool(value) and is_password_usable(value)
        label = "Somebody set a password." if has_one else "There is no password."
        button = "Set another" if has_one else "Set a password"
        context = super().get_context(name, value, attrs)
        return context | {"summary": [{"label": label}], "button_label": button}


class UserForm(UserChangeForm):
    signed_in: Any = None  # who changes the user
    password = ReadOnlyPasswordHashField(widget=PasswordState)

    class Meta(UserChangeForm.Meta):
        labels, help_texts = LABELS, HELP_TEXTS
        widgets = {"groups": CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        """Nobody takes the way in from themselves."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance == self.signed_in:
            for name in OWN_ACCESS & self.fields.keys():
                if getattr(self.signed_in, name) and not cleaned.get(name):
                    self.add_error(name, KEEP_ACCESS)
        return cleaned


class NewUserForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        labels, help_texts = LABELS, HELP_TEXTS
        widgets = {"groups": CheckboxSelectMultiple}


admin.site.unregister(User)
# Secrets have no page at the desk; everyone has one for their own devices.
for device in (TOTPDevice, StaticDevice):
    admin.site.unregister(device)


@admin.register(User)
class UserAdmin(DeskAdmin, DjangoUserAdmin):
    is_restorable = False
    deleting_says = "You can’t undo this."
    form, add_form = UserForm, NewUserForm
    list_display = ("username", "email", "roles", "second_step", "last_login", "is_active")
    list_filter = ("groups", "is_active")
    readonly_fields = ("second_step", "last_login", "date_joined")
    filter_horizontal = ()
    actions = ("remove_second_step",)
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), "email")}),
        ("What they may do", {"fields": ("groups", "is_staff", "is_superuser", "is_active")}),
        ("Signing in", {"fields": ("second_step", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {
            "fields": ("username", "groups", "usable_password", "password1", "password2"),
            "description": "Without a password, they sign in by a link: ask whoever runs the "
            "site to make one.",
        }),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = super().get_queryset(request).prefetch_related("groups")
        kinds = (TOTPDevice, WebAuthnCredential, SecondStep)
        first, *others = (Exists(kind.objects.filter(user=OuterRef("pk"))) for kind in kinds)
        has_second_step: Any = first
        for other in others:
            has_second_step |= other
        return users.annotate(has_second_step=has_second_step)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj == request.user:
            return False
        return super().has_delete_permission(request, obj) and may_change(request.user, obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.signed_in = User.objects.get(pk=user_of(request).pk)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = () if request.user.is_superuser else ("is_superuser",)
        return (*self.readonly_fields, *fixed)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Nobody gives a role with rights that they don't have."""
        field = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "groups" and field is not None:
            field.queryset = Group.objects.filter(pk__in=roles_to_give(request.user))
        return field

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """New users may sign in to the desk."""
        obj.is_staff = obj.is_staff or not change
        form.access_before = access_of(obj.pk) if change else "new"
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        after = access_of(form.instance.pk)
        if after != form.access_before:
            self.report(request, Kind.ROLES, form.instance, f"{form.access_before} → {after}")

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.report(request, Kind.ROLES, obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self.report(request, Kind.ROLES, user, "deleted")
        super().delete_queryset(request, queryset)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        if id == str(request.user.pk):  # there, the old one is asked for
            return redirect("admin:password_change")
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user: Any = self.get_object(request, id)
            self.report(request, Kind.PASSWORD, user, "changed")
            tell(user, "The password was changed")
        return response

    def report(self, request: HttpRequest, kind: Kind, user: Any, detail: str) -> None:
        record(request, kind, user.get_username(), f"by {request.user.get_username()}: {detail}")

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="second step", boolean=True)
    def second_step(self, user: Any) -> bool:
        return getattr(user, "has_second_step", False)

    @admin.action(description="Remove the second step", permissions=["change"])
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        others = queryset.exclude(username=request.user.get_username())
        if len(others) < len(queryset):
            messages.warning(request, "Remove your own on the page “Second step”.")
        changeable = [user for user in others if may_change(request.user, user)]
        users = [user for user in changeable if remove(user)]
        for user in users:
            self.report(request, Kind.SECOND_STEP, user, "removed")
            tell(user, "The second step was removed")
        messages.success(request, f"Removed from {len(users)}. They can set up a new one.")


def access_of(key: int) -> str:
    """A user's roles and further rights, in the words of the form."""
    user = User.objects.get(pk=key)
    words = [group.name for group in user.groups.order_by("name")]
    words += ["all permissions"] * user.is_superuser + ["no sign-in"] * (not user.is_staff)
    return ", ".join(words + ["inactive"] * (not user.is_active)) or "no roles"


@admin.register(SecurityEvent)
class SecurityEventAdmin(DeskAdmin):
    empty_list = (
        "Who signed in, who was refused and who changed roles, such as “nick, wrong password”. "
        "Nothing has happened yet."
    )
    list_display = ("at", "kind", "name", "address", "detail")
    list_filter = ("kind",)
    search_fields = ("name", "address", "detail")
    date_hierarchy = "at"
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
