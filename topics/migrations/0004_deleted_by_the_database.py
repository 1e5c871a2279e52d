"""The database deletes what belongs to a deleted transcript, episode or user.

After a way back the former code deletes those rows, and doesn't know these tables.
"""

from django.db import migrations

RULES = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT conrelid::regclass AS own, conname, pg_get_constraintdef(oid) AS definition,
            CASE confrelid WHEN 'auth_user'::regclass THEN 'SET NULL' ELSE 'CASCADE' END AS rule
        FROM pg_constraint
        WHERE contype = 'f' AND confdeltype = 'a' AND conrelid IN
            ('topics_cuecorrection'::regclass, 'topics_transcriptversion'::regclass)
    LOOP
        EXECUTE format(
            'ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s',
            found.own, found.conname, found.conname,
            replace(found.definition, ' DEFERRABLE', format(' ON DELETE %s DEFERRABLE', found.rule)));
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [('topics', '0003_corrections')]

    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
