from django.contrib.postgres.search import SearchVectorField
from django.db import migrations


class Migration(migrations.Migration):
    """The field has the same name as in the index's other tables; its column stays `said`."""

    dependencies = [("search", "0002_sql_files")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("content", "said", "vector"),
                migrations.AlterField("content", "vector", SearchVectorField(db_column="said")),
            ]
        )
    ]
