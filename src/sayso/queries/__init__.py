"""What screens read: values computed from the record, never written to it."""
