from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0002_sql_files")]

    operations = [
        # As in the index's other tables; the column stays `said`.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("content", "said", "vector"),
                migrations.AlterField("content", "vector", SearchVectorField(db_column="said")),
            ]
        ),
        migrations.AddField(
            "synonymgroup",
            "shipped",
            models.BooleanField(default=False, db_default=False, editable=False),
        ),
        migrations.AddField(
            "synonymgroup",
            "active",
            models.BooleanField(default=True, db_default=True, help_text="Used in searches."),
        ),
    ]
