"""The record that others can verify. Knows only values."""
