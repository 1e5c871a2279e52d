"""From draft to published episode: previews, checklist, publishing."""
