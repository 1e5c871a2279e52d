"""Who may come to the desk, and as what."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from accounts.models import SecondStep
from desk.model_admin import DeskAdmin

WORDS: dict[str, dict[str, str]] = {
    "labels": {
        "groups": "Roles",
        "is_staff": "May open the desk",
        "is_superuser": "May do everything, whatever the roles",
    },
    "help_texts": {
        "groups": "A host may do everything. An editor works on episodes, transcripts, guests and "
        "technologies. Both are set anew with each version; make groups of your own for more.",
        "is_staff": "Without this, name and password open nothing.",
        "is_superuser": "One who can't lock themselves out: who runs the site.",
        "is_active": "Take it away instead of deleting someone: what they wrote stays theirs.",
    },
}


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        labels, help_texts = WORDS["labels"], WORDS["help_texts"]
        widgets = {"groups": CheckboxSelectMultiple}


class NewPersonForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        labels, help_texts = WORDS["labels"], WORDS["help_texts"]
        widgets = {"groups": CheckboxSelectMultiple}


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(DeskAdmin, UserAdmin):
    form, add_form = PersonForm, NewPersonForm
    list_display = ("username", "email", "roles", "second_step", "last_login", "is_active")
    list_filter = ("groups", "is_active")
    readonly_fields = ("second_step", "last_login", "date_joined")
    filter_horizontal = ()
    actions = ("take_second_step",)
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), "email")}),
        ("What they may do", {"fields": ("groups", "is_staff", "is_superuser", "is_active")}),
        ("Signing in", {"fields": ("second_step", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "groups", "usable_password", "password1", "password2"),
                "description": "With password-based authentication off they come in by a link: "
                "./run manage signin_link NAME.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = super().get_queryset(request).prefetch_related("groups")
        return users.annotate(steps=Exists(SecondStep.objects.filter(user=OuterRef("pk"))))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever is added here is to come here."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="second step", boolean=True)
    def second_step(self, user: Any) -> bool:
        return getattr(user, "steps", False)

    @admin.action(description="Take the second step away", permissions=["change"])
    def take_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        taken, _ = SecondStep.objects.filter(user__in=queryset).delete()
        messages.success(request, f"Taken away from {taken}. They can set up a new one.")
