from django.db import migrations, models

# Whoever replaces or deletes a recording, and by whatever way: its file shall go too.
TRIGGERS = """
CREATE FUNCTION episodes_discard_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO episodes_discardedfile (name) VALUES (OLD.file);
    RETURN NULL;
END $$;

CREATE TRIGGER episodes_enclosure_replaced AFTER UPDATE ON episodes_enclosure FOR EACH ROW
WHEN (OLD.file <> '' AND OLD.file <> NEW.file) EXECUTE FUNCTION episodes_discard_file();

CREATE TRIGGER episodes_enclosure_deleted AFTER DELETE ON episodes_enclosure FOR EACH ROW
WHEN (OLD.file <> '') EXECUTE FUNCTION episodes_discard_file();
"""
DROP = """
DROP TRIGGER episodes_enclosure_deleted ON episodes_enclosure;
DROP TRIGGER episodes_enclosure_replaced ON episodes_enclosure;
DROP FUNCTION episodes_discard_file();
"""


class Migration(migrations.Migration):
    dependencies = [("episodes", "0003_help_texts")]

    operations = [
        migrations.CreateModel(
            name="DiscardedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
            ],
        ),
        migrations.RunSQL(TRIGGERS, DROP),
    ]
