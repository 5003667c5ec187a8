"""What stands, kept beside the record to spare folding it anew; never believed unproven."""
