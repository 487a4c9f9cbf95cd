"""Where a person is logged in: the list of her sessions, and logging out elsewhere."""
