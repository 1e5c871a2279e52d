"""From a draft to a published episode: proposals, previews, the checklist, texts to send out."""
