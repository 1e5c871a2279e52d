"""Texts to send out for an episode: the host's templates, filled in for each network."""
