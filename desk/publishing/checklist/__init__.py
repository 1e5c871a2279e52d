"""Checks before publication. They are pure: a context in, items out."""
