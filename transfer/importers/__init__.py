"""A module or folder for each source of a catalogue, and the modules that they share."""
