"""One word for the list and its rows: highlights."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('show', '0008_focal_point')]

    operations = [
        migrations.AlterModelOptions(
            name='highlight',
            options={'ordering': ['position', 'pk'], 'abstract': False},
        ),
    ]
