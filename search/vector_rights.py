"""The rights to the vectors' tables: whoever writes passages writes their vectors, too."""

from typing import Any

# By the rights to passages: the names of roles are no concern of this package.
RIGHTS = """
DO $$
DECLARE
    role regrole;
BEGIN
    IF to_regclass('search_vectors.passages') IS NULL THEN
        RETURN;
    END IF;
    FOR role IN
        SELECT grantee::regrole FROM pg_class CROSS JOIN aclexplode(relacl)
        WHERE pg_class.oid = 'search_passage'::regclass AND privilege_type = 'INSERT'
        AND grantee NOT IN (relowner, 0)
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA search_vectors TO %s', role);
        EXECUTE format('GRANT SELECT ON search_vectors.words TO %s', role);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON search_vectors.passages TO %s', role);
    END LOOP;
END $$
"""


def grant_vector_rights(cursor: Any) -> None:
    """Repeat it when the tables or a role are new."""
    cursor.execute(RIGHTS)
