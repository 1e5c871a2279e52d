"""The content version: one number that grows with every commit a visitor could notice.

Statement triggers on content tables leave one row per transaction in show_versionbump; a
deferred trigger there raises the version at commit. So the counter's row is locked only for
the last moment of a transaction, and writers don't queue behind each other.

That row holds which episodes' own pages alone were touched, or that any page may have been: the
commit tells whoever listens (caching.nginx), and when it was the latter last stands beside the
number.
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


# This and TELLING_BUMP take the place of the two above. Of rows that hang on episodes, a trigger's
# first argument is a query of the episodes concerned; what hangs on drafts is seen by nobody.
TELLING_NOTE = """
CREATE FUNCTION show_touch(episodes bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO show_versionbump AS bump (transaction, touched)
    VALUES (pg_current_xact_id()::text::bigint, episodes)
    ON CONFLICT (transaction) DO UPDATE
    SET touched = CASE WHEN excluded.touched IS NOT NULL THEN bump.touched || excluded.touched END
    WHERE bump.touched IS NOT NULL
    AND (excluded.touched IS NULL OR NOT excluded.touched <@ bump.touched)
$$;

CREATE OR REPLACE FUNCTION show_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    episodes bigint[];
BEGIN
    IF TG_NARGS = 0 THEN
        IF EXISTS (SELECT FROM changed) THEN
            PERFORM show_touch(NULL);
        END IF;
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT array_agg(DISTINCT episode.id) FROM episodes_episode AS episode '
        'WHERE episode.status <> %L AND episode.id IN (%s)', 'draft', TG_ARGV[0]
    ) INTO episodes;
    IF episodes IS NOT NULL THEN
        PERFORM show_touch(CASE WHEN TG_ARGV[1] = 'own pages' THEN episodes END);
    END IF;
    RETURN NULL;
END $$;
"""
TELLING_BUMP = """
CREATE OR REPLACE FUNCTION show_bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    episodes bigint[];
    version bigint;
BEGIN
    DELETE FROM show_versionbump WHERE transaction = NEW.transaction
    RETURNING touched INTO episodes;
    INSERT INTO show_contentversion (id, number, changed_at) VALUES (1, 1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE
    SET number = show_contentversion.number + 1, changed_at = excluded.changed_at
    RETURNING number INTO version;
    IF cardinality(episodes) > 300 THEN  -- a message holds 8000 bytes
        episodes := NULL;
    END IF;
    PERFORM pg_notify('content', json_build_object('version', version, 'touched', episodes)::text);
    RETURN NULL;
END $$;
"""
# Takes the place of that: tells also when any page was last touched.
DATING_BUMP = """
CREATE OR REPLACE FUNCTION show_bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    episodes bigint[];
    version bigint;
BEGIN
    DELETE FROM show_versionbump WHERE transaction = NEW.transaction
    RETURNING touched INTO episodes;
    IF cardinality(episodes) > 300 THEN  -- a message holds 8000 bytes
        episodes := NULL;
    END IF;
    INSERT INTO show_contentversion AS content (id, number, changed_at, everywhere_at)
    VALUES (1, 1, clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE
    SET number = content.number + 1,
        changed_at = excluded.changed_at,
        everywhere_at = CASE
            WHEN episodes IS NULL THEN excluded.changed_at ELSE content.everywhere_at
        END
    RETURNING number INTO version;
    PERFORM pg_notify('content', json_build_object('version', version, 'touched', episodes)::text);
    RETURN NULL;
END $$;
"""
OF_EPISODES = "SELECT episode_id FROM changed"
EVENTS = (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))


def watch_content(table: str) -> RunSQL:
    """For migrations: let every change of this table's rows raise the content version."""
    return _watch(table, "")


def watch_episode_rows(table: str, episodes: str = OF_EPISODES, *, own: bool) -> RunSQL:
    """The same for rows that hang on episodes, which a query of `changed` names.

    `own`: they are shown on the episode's own pages, and on pages that are no episode's.
    """
    watch = _watch(table, f"'{episodes}', '{'own pages' if own else 'any page'}'")
    return RunSQL(f"{drop_watches(table)}{watch.sql}", RunSQL.noop)


def drop_watches(table: str) -> str:
    return "".join(f"DROP TRIGGER {table}_{event}_version ON {table};\n" for event, _ in EVENTS)


def _watch(table: str, arguments: str) -> RunSQL:
    create = "".join(
        f"CREATE TRIGGER {table}_{event}_version AFTER {event} ON {table} "
        f"REFERENCING {rows} TABLE AS changed "
        f"FOR EACH STATEMENT EXECUTE FUNCTION show_note_change({arguments});\n"
        for event, rows in EVENTS
    )
    return RunSQL(create, drop_watches(table))
