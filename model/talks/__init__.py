"""The deal: what is offered, answered, ratified, kept and paid."""
