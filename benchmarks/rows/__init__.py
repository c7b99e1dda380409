"""The rows of the table that `make bench` prints: each file measures one kind of work against its peers."""
