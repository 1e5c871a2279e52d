"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ('topics', '0001_initial'), ('topics', '0002_content_version'),
        ('topics', '0003_help_texts'), ('topics', '0004_touched'),
    ]
    initial = True
    dependencies = [('episodes', '0001_version_1'), ('guests', '0001_version_1')]

    operations = [
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('seconds', models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(604800)])),
                ('text', models.TextField(help_text='Write one line. *Emphasis*, `code` and [links](https://example.org) work.')),
                ('html', models.TextField(blank=True, editable=False)),
                ('plain', models.TextField(blank=True, editable=False, help_text='The text without markup.')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topics', to='episodes.episode')),
            ],
            options={
                'ordering': ['seconds', 'position'],
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('episode', 'position'), name='topic_position'), models.CheckConstraint(condition=models.Q(('seconds__lte', 604800)), name='topic_seconds'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='topic_has_text')],
            },
        ),
        migrations.CreateModel(
            name='Transcript',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(blank=True, help_text="If empty, the episode's language counts.", max_length=20)),
                ('reviewed', models.BooleanField(default=False, help_text='A person has checked it.')),
                ('source_format', models.CharField(blank=True, max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='transcript', to='episodes.episode')),
            ],
        ),
        migrations.CreateModel(
            name='Cue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('start', models.PositiveIntegerField(help_text='Milliseconds.')),
                ('end', models.PositiveIntegerField(help_text='Milliseconds.')),
                ('text', models.TextField()),
                ('speaker', models.CharField(blank=True, help_text='As the file names them.', max_length=120)),
                ('identifier', models.CharField(blank=True, max_length=200)),
                ('settings', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(blank=True, max_length=20)),
                ('reviewed', models.BooleanField(default=False)),
                ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cues', to='guests.guest')),
                ('transcript', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cues', to='topics.transcript')),
            ],
            options={
                'ordering': ['start', 'position'],
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('transcript', 'position'), name='cue_position'), models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='cue_ends_after_start')],
            },
        ),
    ]
