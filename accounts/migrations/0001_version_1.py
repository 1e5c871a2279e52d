"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already.

Each of accounts, linkcheck and desk replaces one of desk's three migrations, so that each of them is
applied or not by itself; the tables of all three have belonged to desk.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [('desk', '0001_links_and_people')]
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name='SignInAttempts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150)),
                ('address', models.CharField(max_length=50)),
                ('count', models.PositiveIntegerField()),
                ('first_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'desk_attempts',
                'constraints': [models.UniqueConstraint(fields=('name', 'address'), name='attempts_once')],
            },
        ),
        migrations.CreateModel(
            name='SecondStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.CharField(help_text='Base32, as apps take it.', max_length=64)),
                ('last_step', models.BigIntegerField(default=0, help_text='A code counts once: the last used.')),
                ('recovery', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, help_text='Hashes.', size=None)),
                ('wrong', models.PositiveIntegerField(default=0, help_text='Wrong codes lately, from anywhere.')),
                ('wrong_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='second_step', to=settings.AUTH_USER_MODEL)),
            ],
            options={'db_table': 'desk_secondstep'},
        ),
        migrations.CreateModel(
            name='SignInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={'db_table': 'desk_signinlink'},
        ),
    ]
