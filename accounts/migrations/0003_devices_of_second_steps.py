"""Each second step of the former release becomes devices of django-otp. Its row stays until 2.0."""

from django.conf import settings
from django.db import migrations

from accounts.former_second_step import adopt


def adopt_all(apps, schema_editor):
    totp_devices = apps.get_model('otp_totp', 'TOTPDevice').objects
    static_devices = apps.get_model('otp_static', 'StaticDevice').objects
    taken = totp_devices.values('user')
    for row in apps.get_model('accounts', 'SecondStep').objects.exclude(user__in=taken):
        adopt(row, totp_devices, static_devices)


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0002_security_log_and_sessions'),
        ('otp_totp', '0003_add_timestamps'),
        ('otp_static', '0003_add_timestamps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [migrations.RunPython(adopt_all, migrations.RunPython.noop, elidable=True)]
