"""Corrections of transcripts, and their versions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('episodes', '0001_version_1'), ('topics', '0002_sql_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TranscriptVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('language', models.CharField(blank=True, max_length=20)),
                ('reviewed', models.BooleanField(default=False)),
                ('source_format', models.CharField(blank=True, max_length=10)),
                ('cues', models.JSONField(help_text='In order: lists of values, see topics.versions.')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transcript_versions', to='episodes.episode')),
            ],
        ),
        migrations.CreateModel(
            name='CueCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text="The cue's.")),
                ('was_text', models.TextField(help_text='The cue that was corrected.')),
                ('was_speaker', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField(blank=True, help_text='If empty, the cue goes.')),
                ('speaker', models.CharField(blank=True, max_length=120)),
                ('before_text', models.TextField(blank=True, help_text='Before the last step.')),
                ('before_speaker', models.CharField(blank=True, max_length=120)),
                ('step', models.PositiveIntegerField(default=0, help_text='The change of many cues that made it; 0: typed by itself.')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('transcript', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='topics.transcript')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('transcript', 'position'), name='correction_of_one_cue')],
            },
        ),
    ]
