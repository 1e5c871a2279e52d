"""Reads what a host pastes at the desk with the importers' code: a post, or notes in HTML."""
