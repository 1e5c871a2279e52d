"""Roles beside the desk's own: groups of a site."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.roles import EDITOR, HOST, PRODUCER
from accounts.security_log import Kind, record
from desk.accounts.rights import may_change_role, rights_of, rights_to_give
from desk.accounts.rights_in_words import RightsField, desk_rights, rights_in_words
from desk.model_admin import DeskAdmin

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(DeskAdmin, GroupAdmin):
    is_restorable = False
    deleting_says = "You can’t undo this."
    filter_horizontal = ()
    empty_list = "What people may do, such as “Host”, who may do everything, or “Editor”."

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_change_role(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_change_role(request.user, obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Group | None = None
    ) -> tuple[str, ...]:
        """Updates would make a second Host or Editor and leave the renamed one as it is."""
        return ("name",) if obj and obj.name in (HOST, EDITOR, PRODUCER) else ()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **options: Any
    ) -> Any:
        """Nobody gives a permission that they don't have."""
        mine = rights_to_give(request.user) if request else ()
        rights = Permission.objects.select_related("content_type").filter(pk__in=mine)
        return RightsField(desk_rights(rights), label="May", required=False)

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        form.rights_before = rights_of(obj) if change else set()
        super().save_model(request, obj, form, change)
        offered = form.fields["permissions"].queryset
        form.not_offered = list(obj.permissions.exclude(pk__in=offered))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.permissions.add(*form.not_offered)
        before, after = form.rights_before, rights_of(form.instance)
        changes = [f"+{right}" for right in rights_in_words(after - before)]
        changes += [f"−{right}" for right in rights_in_words(before - after)]
        if changes or form.has_changed():
            report(request, form.instance, ", ".join(changes) or "renamed")

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        report(request, obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        for role in queryset:
            report(request, role, "deleted")
        super().delete_queryset(request, queryset)


def report(request: HttpRequest, role: Group, detail: str) -> None:
    record(request, Kind.ROLES, request.user.get_username(), f"role “{role.name}”: {detail}")
