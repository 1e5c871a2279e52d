"""Who works at the desk: inviting, roles, links for those who are locked out, removing."""
