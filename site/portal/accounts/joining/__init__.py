"""Public sign-up: citizens, enterprises, the press; kept apart from the agencies."""
