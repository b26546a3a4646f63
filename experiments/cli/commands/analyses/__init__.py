"""Commands that ask the model, or the record, a question."""
