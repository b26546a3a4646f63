"""Pictures of what outcomes depend on."""
