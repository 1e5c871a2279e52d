"""The grammar of show notes: how lines become headings, topics, names and links. Pure."""
