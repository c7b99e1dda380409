"""What a user would put together without lmp, for the rows that compare with it."""
