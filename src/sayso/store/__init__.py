"""What keeps the record: memory and SQLite, under one contract."""
