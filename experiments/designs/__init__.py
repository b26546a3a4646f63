"""Which worlds to run: tables of rows, listed, combined or sampled."""
