"""What is true of the worlds at one moment, as frozen records, and the decisions that change it."""
