"""What an office does with a request."""
