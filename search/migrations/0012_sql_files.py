from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("search", "0011_sql_files")]

    operations = [InstallSQL("search", {"search_normalize.sql": "0b87b627918e"})]
