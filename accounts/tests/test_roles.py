"""The two roles follow the permissions that `migrate` creates."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.roles import EDITOR, HOST, PRODUCER, editor_permissions, host_permissions, set_roles

pytestmark = pytest.mark.django_db


def test_the_roles_are_there_after_a_migration() -> None:
    Group.objects.all().delete()
    # As on a new database: `migrate` creates the permissions first, app by app.
    Permission.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == {HOST, EDITOR, PRODUCER}
    for name, wanted in ((HOST, host_permissions()), (EDITOR, editor_permissions())):
        given = Group.objects.get(name=name).permissions.all()
        assert set(given) == set(Permission.objects.filter(wanted))
        last = "desk" if name == HOST else "linkcheck"
        assert {each.content_type.app_label for each in given} >= {"episodes", last}
    group = Group.objects.get(name=EDITOR)
    group.permissions.clear()
    set_roles()
    assert group.permissions.filter(codename="change_episode").exists()
    assert not group.permissions.filter(content_type__app_label__in=("auth", "show")).exists()
