"""`freeze`: the public site as plain files, and an nginx file that serves them."""
