"""What each source said last time about rows besides episodes: technologies, pages, links."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('episodes', '0001_version_1'), ('notes', '0002_import_bases')]

    operations = [
        migrations.AddField(
            model_name='importbase',
            name='key',
            field=models.CharField(blank=True, db_default='', help_text='What the source calls the row: its slug or setting.', max_length=200),
        ),
        migrations.AddField(
            model_name='importbase',
            name='row',
            field=models.BigIntegerField(blank=True, help_text="The row's primary key.", null=True),
        ),
        migrations.AddField(
            model_name='importbase',
            name='table',
            field=models.CharField(blank=True, db_default='', help_text="The row's model, as in show.Page.", max_length=50),
        ),
        migrations.AlterField(
            model_name='importbase',
            name='episode',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='import_bases', to='episodes.episode'),
        ),
        migrations.AlterField(
            model_name='importbase',
            name='notes',
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name='importbase',
            constraint=models.UniqueConstraint(condition=models.Q(('episode', None)), fields=('source', 'table', 'key'), name='import_base_row'),
        ),
    ]
