"""What guests send the host through a link of their own: photo, links, comments on the draft."""
