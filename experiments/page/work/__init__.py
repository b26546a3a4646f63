"""Bounded work for many visitors: processes, shared results, and what each visitor has on order."""
