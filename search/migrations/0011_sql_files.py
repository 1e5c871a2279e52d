from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("search", "0010_sql_files")]

    operations = [InstallSQL("search", {"search_vectors.sql": "8bc16036c860"})]
