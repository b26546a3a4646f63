"""War and peace as a game: what each side expects of the other, solved together with what it does."""
