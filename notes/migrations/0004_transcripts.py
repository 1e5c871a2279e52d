"""Revisions point to the version of the transcript that they had."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('notes', '0003_import_bases_of_rows'), ('topics', '0003_corrections')]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='transcript',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='topics.transcriptversion'),
        ),
    ]
