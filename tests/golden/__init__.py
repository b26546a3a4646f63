"""Results of a reference run of every kind, stored: they change only when the changelog says so."""
