"""Says of “Other” whether the host chose it, or nobody has chosen a category yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('stack', '0001_version_1')]

    operations = [
        migrations.AddField(
            model_name='technology',
            name='category_chosen',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='The host chose the category, and means it if it is “Other”.'),
        ),
    ]
