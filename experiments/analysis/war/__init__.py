"""War and peace as solved games: levels, and where a guarantee invites war."""
