"""Users of the desk and their roles."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from accounts.models import SecondStep
from desk.model_admin import DeskAdmin

LABELS = {
    "groups": "Roles",
    "is_staff": "May sign in to the desk",
    "is_superuser": "Has all permissions, whatever the roles",
}
HELP_TEXTS = {
    "groups": "Hosts may do everything. Editors work on episodes, transcripts, guests and "
    "technologies. Updates reset both roles; create groups of your own for other permissions.",
    "is_staff": "Without this, the user can’t sign in.",
    "is_superuser": "For whoever runs the site: these users can’t lock themselves out.",
    "is_active": "Clear this instead of deleting a user, so that their edits remain theirs.",
}


class UserForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        labels, help_texts = LABELS, HELP_TEXTS
        widgets = {"groups": CheckboxSelectMultiple}


class NewUserForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        labels, help_texts = LABELS, HELP_TEXTS
        widgets = {"groups": CheckboxSelectMultiple}


admin.site.unregister(User)


@admin.register(User)
class UserAdmin(DeskAdmin, DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    list_display = ("username", "email", "roles", "second_step", "last_login", "is_active")
    list_filter = ("groups", "is_active")
    readonly_fields = ("second_step", "last_login", "date_joined")
    filter_horizontal = ()
    actions = ("remove_second_step",)
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), "email")}),
        ("Permissions", {"fields": ("groups", "is_staff", "is_superuser", "is_active")}),
        ("Signing in", {"fields": ("second_step", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {
            "fields": ("username", "groups", "usable_password", "password1", "password2"),
            "description": "With password-based authentication disabled, the user signs in by a "
            "link from ./run manage signin_link NAME.",
        }),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = super().get_queryset(request).prefetch_related("groups")
        has_second_step = Exists(SecondStep.objects.filter(user=OuterRef("pk")))
        return users.annotate(has_second_step=has_second_step)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """New users may sign in to the desk."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="second step", boolean=True)
    def second_step(self, user: Any) -> bool:
        return getattr(user, "has_second_step", False)

    @admin.action(description="Remove the second step", permissions=["change"])
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        count, _ = SecondStep.objects.filter(user__in=queryset).delete()
        messages.success(request, f"Removed from {count}. They can set up a new one.")
