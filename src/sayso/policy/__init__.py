"""One policy language and its readings. Knows only values."""
