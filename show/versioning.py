"""The content version: one number that grows with every commit a visitor could notice.

Statement triggers on content tables leave one row per transaction in show_versionbump; a
deferred trigger there raises the version at commit. So the counter's row is locked only for
the last moment of a transaction, and writers don't queue behind each other.
"""

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE FUNCTION show_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed) THEN
        INSERT INTO show_versionbump (transaction)
        VALUES (pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION show_bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM show_versionbump WHERE transaction = NEW.transaction;
    INSERT INTO show_contentversion (id, number, changed_at) VALUES (1, 1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE
    SET number = show_contentversion.number + 1, changed_at = excluded.changed_at;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER show_versionbump_at_commit AFTER INSERT ON show_versionbump
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION show_bump_version();
"""
DROP_FUNCTIONS = """
DROP TRIGGER show_versionbump_at_commit ON show_versionbump;
DROP FUNCTION show_bump_version();
DROP FUNCTION show_note_change();
"""


def watch_content(table: str) -> RunSQL:
    """For migrations: let every change of this table's rows raise the content version."""
    events = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    create = "".join(
        f"CREATE TRIGGER {table}_{event.lower()}_version AFTER {event} ON {table} "
        f"REFERENCING {rows} TABLE AS changed "
        "FOR EACH STATEMENT EXECUTE FUNCTION show_note_change();\n"
        for event, rows in events
    )
    drop = "".join(
        f"DROP TRIGGER {table}_{event.lower()}_version ON {table};\n" for event, _ in events
    )
    return RunSQL(create, drop)
