"""Who may change an account or a role: only somebody who has all of its rights."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User


def rights_of(role: Group) -> set[str]:
    rights = role.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rights}


def may_change(by: Any, user: Any) -> bool:
    """Whether somebody may change or delete a user: only one with no right that they lack."""
    if user is None or by.is_superuser or user == by:
        return True
    rights = User(pk=user.pk, is_active=True).get_all_permissions()  # an inactive user’s, too
    return not user.is_superuser and rights <= by.get_all_permissions()


def may_change_role(by: Any, role: Group | None) -> bool:
    """Whether somebody may change or delete a role: only one with no right that they lack."""
    return role is None or rights_of(role) <= by.get_all_permissions()


def roles_to_give(by: Any) -> list[int]:
    """The keys of the roles without a right that somebody lacks."""
    return [role.pk for role in Group.objects.all() if may_change_role(by, role)]


def rights_to_give(by: Any) -> list[int]:
    """The keys of somebody's own permissions."""
    mine = by.get_all_permissions()
    every = Permission.objects.values_list("pk", "content_type__app_label", "codename")
    return [key for key, app, codename in every if f"{app}.{codename}" in mine]
