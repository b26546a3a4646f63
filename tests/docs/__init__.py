"""Documentation: its numbers are made anew, its pages and commands exist, nothing leaves a built page."""
