"""Backups that releases before restic made, at the same destination: to restore, until 2.0.

backups/20261127T020000Z/database.dump   as pg_dump writes it
backups/20261127T020000Z/manifest.json
files/3f/3f5a…                           stored files, by the SHA-256 of their bytes
"""
