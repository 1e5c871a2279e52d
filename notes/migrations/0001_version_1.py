"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [('notes', '0001_initial'), ('notes', '0002_whole_revisions')]
    initial = True
    dependencies = [
        ('episodes', '0001_version_1'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('source', models.CharField(help_text='Where the change came from.', max_length=50)),
                ('notes', models.TextField()),
                ('facts', models.JSONField()),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='episodes.episode')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('beside', models.JSONField(db_default={}, default=dict, help_text="What neither notes nor facts hold: guests' roles, files, whether in the bin.")),
                ('edit_number', models.PositiveIntegerField(help_text="The episode's edit number, by which forms detect conflicts.", null=True)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('episode', 'number'), name='revision_number')],
            },
        ),
    ]
