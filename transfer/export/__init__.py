"""Exports the catalogue as a Jekyll checkout; `import_jekyll` makes the same rows of it."""
