"""The countries: what each has, wants and decides."""
