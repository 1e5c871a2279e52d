"""What was granted and logged for a model by its former name holds for the present one, too.

It is copied, so that the former code has its own during an update and after a way back.
"""

from django.db import migrations

RENAMED = {
    ("desk", "attempts"): ("accounts", "signinattempts"),
    ("desk", "secondstep"): ("accounts", "secondstep"),
    ("desk", "signinlink"): ("accounts", "signinlink"),
    ("desk", "link"): ("linkcheck", "link"),
    ("desk", "linksurvey"): ("linkcheck", "linksurvey"),
    ("episodes", "drawncard"): ("episodes", "socialcard"),
    ("feeds", "told"): ("feeds", "hubnotification"),
    ("ops", "dayofdownloads"): ("ops", "dailydownloads"),
    ("search", "miss"): ("search", "zeroresultquery"),
    ("search", "wanted"): ("search", "guestwanted"),
    ("search", "wordgroup"): ("search", "synonymgroup"),
}


def copy_grants_and_log(apps, schema_editor):
    content_types = apps.get_model("contenttypes", "ContentType").objects
    for former_name, name in RENAMED.items():
        former = content_types.filter(app_label=former_name[0], model=former_name[1]).first()
        if former is None:
            continue
        present, _ = content_types.get_or_create(app_label=name[0], model=name[1])
        copy_grants(apps, former, present)
        copy_log(apps, former, present)


def copy_grants(apps, former, present):
    permissions = apps.get_model("auth", "Permission").objects
    label = apps.get_model(present.app_label, present.model)._meta.verbose_name
    for granted in permissions.filter(content_type=former):
        action = granted.codename.removesuffix(f"_{former.model}")
        permission, _ = permissions.get_or_create(
            content_type=present,
            codename=f"{action}_{present.model}",
            defaults={"name": f"Can {action} {label}"},
        )
        permission.group_set.add(*granted.group_set.all())
        permission.user_set.add(*granted.user_set.all())


def copy_log(apps, former, present):
    log = apps.get_model("admin", "LogEntry").objects
    entries = list(log.filter(content_type=former).order_by("pk"))
    for entry in entries:
        entry.pk, entry.content_type = None, present
    log.bulk_create(entries)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_version_1"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("desk", "0001_version_1"),
        ("episodes", "0001_version_1"),
        ("feeds", "0001_version_1"),
        ("linkcheck", "0001_version_1"),
        ("ops", "0001_version_1"),
        ("search", "0001_version_1"),
    ]

    operations = [migrations.RunPython(copy_grants_and_log, migrations.RunPython.noop)]
