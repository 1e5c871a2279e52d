"""Backups: a database dump each, and the stored files, which all backups share.

backups/20261127T020000Z/database.dump   as pg_dump writes it
backups/20261127T020000Z/manifest.json   written last: without it, the backup doesn't count
backups/20261127T020000Z/checked.json    the result of its last check
files/3f/3f5a…                           stored files, by the SHA-256 of their bytes
"""
