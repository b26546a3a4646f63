"""Every number, printed text and picture of README, changelog and documentation, made anew and compared."""
