"""From a place to the territories it touches. Knows only values."""
