"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [('feeds', '0001_told')]
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name='HubNotification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=100, unique=True)),
                ('state', models.TextField(blank=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('next_try', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.TextField(blank=True, help_text='Why the last try failed.')),
            ],
            options={'db_table': 'feeds_told'},
        ),
    ]
