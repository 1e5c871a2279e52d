"""A synthetic log of listeners, and a count of it that shares no code with the site’s."""
