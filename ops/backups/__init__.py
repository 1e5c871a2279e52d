"""Backups: snapshots in a restic repository (docs/backups.md).

/database/…              the dump: pg_dump's directory format, uncompressed
/manifest.json           checksums of all tables; where the stored files were
/var/lib/podcast/media/… the stored files, below their folder
"""
