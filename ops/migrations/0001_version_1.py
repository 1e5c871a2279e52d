"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ('ops', '0001_backup_record'), ('ops', '0002_downloads'), ('ops', '0003_installation'),
        ('ops', '0004_log_read'),
    ]
    initial = True
    dependencies = [('episodes', '0001_version_1')]

    operations = [
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='installation_single')],
            },
        ),
        migrations.CreateModel(
            name='BackupRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('made_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('problem', models.TextField(blank=True, help_text='what its last check found, a line each')),
            ],
            options={'ordering': ['-made_at']},
        ),
        migrations.CreateModel(
            name='DailyDownloads',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='daily_downloads', to='episodes.episode')),
            ],
            options={
                'db_table': 'ops_dayofdownloads',
                'constraints': [models.UniqueConstraint(models.F('episode'), models.F('day'), name='dayofdownloads_once')],
            },
        ),
        migrations.CreateModel(
            name='Listener',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField(max_length=16, unique=True)),
                ('first_at', models.DateTimeField(db_index=True)),
                ('byte_ranges', models.JSONField(db_column='heard', default=list, help_text='Begin and end of what they received.')),
                ('counted', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='ListenerSalt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('salt', models.BinaryField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='LogRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.CharField(max_length=32, unique=True)),
                ('path', models.CharField(help_text='The log that it was last read as a part of', max_length=1000)),
                ('offset', models.BigIntegerField(default=0)),
                ('read_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LogPosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=1000, unique=True)),
                ('first', models.CharField(blank=True, max_length=32)),
                ('offset', models.BigIntegerField(default=0)),
            ],
        ),
    ]
