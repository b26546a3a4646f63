"""Pictures of effects: what differs between runs that share their random numbers."""
