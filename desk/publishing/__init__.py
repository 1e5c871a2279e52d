"""From draft to published episode: previews, checklist, publishing, texts to send out."""
