"""What the page shows, without Panel: tables, pictures, words, and the same in Python and on the command line."""
