"""Backups: one database dump each, and the stored files they share.

backups/20261127T020000Z/database.dump   as pg_dump writes it
backups/20261127T020000Z/manifest.json   written last: without it there is no such backup
backups/20261127T020000Z/checked.json    what reading it back found, and when
files/3f/3f5a…                           stored files, by the SHA-256 of their bytes
"""
