"""What a person or the clock can do: one file an act."""
