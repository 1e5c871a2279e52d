from django.db import migrations

from show.versioning import DROP_FUNCTIONS, FUNCTIONS, watch_content

TABLES = (
    "stack_technology",
    "stack_technologyname",
    "stack_library",
    "stack_libraryaddress",
    "guests_guest",
    "guests_guestname",
    "show_show",
    "show_followlink",
    "show_promotion",
    "show_calltoaction",
    "show_page",
    "show_redirect",
)


class Migration(migrations.Migration):
    dependencies = [("show", "0001_initial"), ("stack", "0001_initial"), ("guests", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *(watch_content(table) for table in TABLES),
    ]
