"""The rights of the database's roles, where an installation has several.

The owner of the tables migrates, backs up and restores. The site's role, named like the owner with
`_site`, reads and writes rows and does nothing else. The invalidator's, with `_invalidator`, reads
what it asks for. deploy/roles.sql creates both. Without them, the owner does everything.
"""

from typing import Any

from search.vectors import RIGHTS

# By table. Notifications need no right.
INVALIDATOR_READS = {
    "show_contentversion": ("number", "changed_at", "everywhere_at"),
    "episodes_episode": ("id", "kind", "slug", "status", "published_at", "deleted_at"),
}
SITE = """
DO $$
DECLARE
    site constant text := current_user || '_site';
    own record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = site) THEN
        RETURN;
    END IF;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- a default before PostgreSQL 15
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), site);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', site);
    FOR own IN
        SELECT oid::regclass AS name, relkind = 'S' AS is_sequence FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        AND pg_has_role(relowner, 'USAGE')
    LOOP
        IF own.is_sequence THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', own.name, site);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', own.name, site);
        END IF;
    END LOOP;
    FOR own IN
        SELECT oid::regprocedure AS name, prosecdef FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
        AND prokind = 'f'
    LOOP
        IF own.prosecdef THEN
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', own.name);
        END IF;
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', own.name, site);
    END LOOP;
END $$
"""
INVALIDATOR = """
DO $$
DECLARE
    invalidator constant text := current_user || '_invalidator';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = invalidator) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), invalidator);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', invalidator);
    IF to_regclass('{table}') IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ({columns}) ON {table} TO %I', invalidator);
    END IF;
END $$
"""


def grant_rights(cursor: Any) -> None:
    """Give both roles their rights on all that the cursor's role owns. Can be repeated."""
    cursor.execute(SITE)
    cursor.execute(RIGHTS)
    for table, columns in INVALIDATOR_READS.items():
        cursor.execute(INVALIDATOR.format(table=table, columns=", ".join(columns)))
