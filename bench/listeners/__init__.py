"""Listeners' figures of a synthetic log, compared with a count by other means."""
