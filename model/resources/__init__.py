"""Ukraine's natural resources: what they earn, and what they are worth."""
