-- Creates database roles beside OWNER, who owns the catalogue: OWNER_site for the site, which may read
-- and write rows, and OWNER_invalidator, which reads what tells it about edits. `manage.py migrate`,
-- run by OWNER, gives them these rights (ops/database_roles.py). For psql as a role that may create
-- roles, with OWNER (unset: that role), POSTGRES_SITE_PASSWORD and POSTGRES_INVALIDATOR_PASSWORD in the
-- environment. It can be repeated, such as for new passwords.
\set ON_ERROR_STOP on
SELECT current_user AS owner \gset
\getenv owner OWNER
\getenv site_password POSTGRES_SITE_PASSWORD
\getenv invalidator_password POSTGRES_INVALIDATOR_PASSWORD
SELECT :'owner' || '_site' AS site, :'owner' || '_invalidator' AS invalidator \gset
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'site', :'invalidator']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"site" LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'site_password';
ALTER ROLE :"invalidator" LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'invalidator_password';
