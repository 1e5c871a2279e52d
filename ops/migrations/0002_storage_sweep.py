from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ops', '0001_version_1'),
    ]

    operations = [
        migrations.AddField(
            model_name='installation',
            name='swept_at',
            field=models.DateTimeField(help_text='When the storage was last compared with the rows (ops.storage.orphans).', null=True),
        ),
    ]
