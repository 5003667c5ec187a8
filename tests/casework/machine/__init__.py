"""What random people do on a real record: `test_machine`."""
