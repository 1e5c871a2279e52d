"""The whole catalogue as a Jekyll checkout, which `import_jekyll` reads back as the same rows."""
