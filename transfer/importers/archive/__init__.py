"""Imports what `export_catalogue` wrote, exactly; the Jekyll importer interprets."""
