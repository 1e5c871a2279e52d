"""What to mend before an episode goes out. Checks are pure: a sheet in, findings out."""
