"""An episode's transcript at the desk: heard, corrected by line, given speakers, replaced."""
